"""The agreement for execution by one agency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.utils.safestring import SafeString

from documents.markdown import COMMENT, to_html
from membership.letters.base import Letter, Signer, signers_of
from membership.models import Agency, AgreementVersion, Official

SPECIMEN_NOTICE = "Specimen, not the official text"
TESTIMONIUM = "Signed for the agency named below, on the days written beside the signatures."
# How the text ends where it carries its own form for signing: the clause, then the form's lines as a list.
EXECUTION = re.compile(r"^(?P<clause>IN WITNESS WHEREOF\b[^\n]*)\n+(?:[ ]*-[ ][^\n]*\n*)*\Z", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class AgreementForm(Letter):
    """The agreement with one agency's name and the places where its officials sign."""

    agency: str
    public_body: str
    is_specimen: bool
    text: SafeString
    testimonium: SafeString
    head: Signer
    chief: Signer
    clerk: Signer


def agreement(agency: Agency, day: date) -> AgreementForm:
    """The amended agreement for execution by this agency; the specimen, marked so, while no text is loaded."""
    version = AgreementVersion.objects.amended()
    text, testimonium = divided(version.text if version.official else specimen("agreement"))
    signers = signers_of(agency, day)
    return AgreementForm(
        title=f"{version.title}: {agency.name}" if version.official else f"Specimen agreement: {agency.name}",
        as_on=day,
        about=agency.name,
        notice="" if version.official else SPECIMEN_NOTICE,
        agency=agency.name,
        public_body=agency.public_body,
        is_specimen=not version.official,
        text=to_html(text),
        testimonium=to_html(testimonium),
        head=signers[Official.Capacity.HEAD],
        chief=signers[Official.Capacity.CHIEF],
        clerk=signers[Official.Capacity.CLERK],
    )


def specimen(name: str) -> str:
    """The Markdown of a form in our own plain words, which stands in until the body loads its text."""
    return files("membership").joinpath("specimens", f"{name}.md").read_text(encoding="utf-8")


def divided(text: str) -> tuple[str, str]:
    """The text up to its execution clause, and that clause without the blank form under it, which we print filled.

    A text that ends otherwise is kept whole, and our own clause stands before the signatures.
    """
    text = COMMENT.sub("", text).strip() + "\n"
    found = EXECUTION.search(text)
    return (text[: found.start()], found["clause"]) if found else (text, TESTIMONIUM)
