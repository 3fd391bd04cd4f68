"""Membership's letters, each kind under the name by which documents knows it."""

from functools import partial

from documents.letters import LetterKind
from membership.letters.certificates import certificate
from membership.letters.instruments import agreement, ordinance, resolution
from membership.letters.notices import acknowledgement
from membership.letters.roster import roster
from membership.models import Agency, TerminationNotice

LEAVES = "membership/pdf/"
of_agency = partial(LetterKind, record=Agency, permission="membership.view_agency", agency_path="pk")

KINDS = (
    of_agency("membership.agreement", "Agreement for execution", template=f"{LEAVES}agreement.html", build=agreement),
    of_agency("membership.ordinance", "Model ordinance", template=f"{LEAVES}model.html", build=ordinance),
    of_agency("membership.resolution", "Model resolution", template=f"{LEAVES}model.html", build=resolution),
    of_agency(
        "membership.certificate",
        "Certificate of participation",
        template=f"{LEAVES}certificate.html",
        build=certificate,
    ),
    LetterKind("membership.roster", "Roster", None, "membership.view_agency", f"{LEAVES}roster.html", roster),
    LetterKind(
        "membership.acknowledgement",
        "Acknowledgement of Termination Notice",
        TerminationNotice,
        "membership.view_terminationnotice",
        f"{LEAVES}acknowledgement.html",
        acknowledgement,
        agency_path="participation__agency",
    ),
)
