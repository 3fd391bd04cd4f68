"""Papers that the corporate authorities act on: the agreement for execution, and the model ordinance and resolution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from django.utils.html import format_html
from django.utils.safestring import SafeString

from documents.body import body
from documents.letters import Letter
from documents.markdown import COMMENT, to_html
from membership.letters.parts import Signer, signers_of, with_article
from membership.models import Agency, AgreementVersion, Approval, Official

SPECIMEN_NOTICE = "Specimen, not the official text"
MODEL_NOTICE = "Model, to be reviewed by the body’s counsel"
TESTIMONIUM = "Signed for the agency named below, on the day written below."
# How a text ends that carries its own form for signing: the clause, then the form's lines as a list.
EXECUTION = re.compile(r"^(?P<clause>IN WITNESS WHEREOF\b[^\n]*)\n+(?:[ ]*-[ ][^\n]*\n*)*\Z", re.MULTILINE)
VOTES = ("Aye", "Nay", "Abstaining", "Not voting", "Absent")


@dataclass(frozen=True, kw_only=True)
class AgreementForm(Letter):
    """The agreement with one agency's name and the places where its officials sign."""

    agency: str
    public_body: str
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
        title=f"{version.title if version.official else 'Specimen Agreement'}: {agency.name}",
        as_on=day,
        about=agency.name,
        notice="" if version.official else SPECIMEN_NOTICE,
        agency=agency.name,
        public_body=agency.public_body,
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


@dataclass(frozen=True, kw_only=True)
class ModelInstrument(Letter):
    """An ordinance or resolution for a member's corporate authorities to adopt; what is not known is a blank line."""

    kind: str
    article: str
    enacting: str
    verb: str
    agency: str
    heading: str
    public_body: str
    governing_body: str
    agreement: str
    bylaws: str
    head: Signer
    chief: Signer
    clerk: Signer
    votes: tuple[str, ...]


def ordinance(agency: Agency, day: date) -> ModelInstrument:
    """The model ordinance by which this agency's corporate authorities approve."""
    return _model(agency, day, Approval.Kind.ORDINANCE, article="an", enacting="ordained", verb="ordains")


def resolution(agency: Agency, day: date) -> ModelInstrument:
    """The model resolution by which this agency's corporate authorities approve."""
    return _model(agency, day, Approval.Kind.RESOLUTION, article="a", enacting="resolved", verb="resolves")


def _model(
    agency: Agency, day: date, kind: Approval.Kind, *, article: str, enacting: str, verb: str
) -> ModelInstrument:
    signers = signers_of(agency, day)
    return ModelInstrument(
        title=f"Model {kind.label.lower()}: {agency.name}",
        as_on=day,
        about=agency.name,
        notice=MODEL_NOTICE,
        kind=str(kind.label),
        article=article,
        enacting=enacting,
        verb=verb,
        agency=agency.name,
        heading=f"{agency.public_body}, Illinois" if agency.public_body else _blank("public body"),
        public_body=with_article(agency.public_body) or _blank("public body"),
        governing_body=agency.governing_body or _blank("corporate authorities"),
        agreement=AgreementVersion.objects.amended().title,
        bylaws=f"Amended {body().short_name} Bylaws",
        head=signers[Official.Capacity.HEAD],
        chief=signers[Official.Capacity.CHIEF],
        clerk=signers[Official.Capacity.CLERK],
        votes=VOTES,
    )


def _blank(for_what: str) -> SafeString:
    """A line to write on, with what belongs there."""
    return format_html('<span class="blank"></span> <span class="label">({})</span>', for_what)
