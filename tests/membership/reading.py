"""Membership's papers printed and read back, and a member to print them for."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core.exceptions import ValidationError

from documents.letters import print_letter
from membership.letters import KINDS
from membership.models import Participation, TerminationNotice
from membership.services import receive_notice
from tests.membership import factories as make

DAY = date(2026, 6, 1)
LETTERS = {kind.key: kind for kind in KINDS}


def pages(pdf: bytes) -> list[str]:
    """The text of each page, on one line."""
    return [
        " ".join(page.extract_text(extraction_mode="layout").split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages
    ]


def words(pdf: bytes) -> str:
    """The text of all pages, on one line."""
    return " ".join(pages(pdf))


def printed(kind: str, record: Any, day: date = DAY) -> str:
    """The words of a paper."""
    return words(print_letter(LETTERS[kind], record, day))


def member_in_full() -> Participation:
    """Elmwood, a member with all its officials and a place in a team."""
    stint = make.new_member("Elmwood Police Department")
    of = stint.agency
    of.public_body, of.governing_body = "Village of Elmwood", "President and Board of Trustees"
    of.street, of.city, of.zip_code = "12 Oak Street", "Elmwood", "60001"
    of.save()
    make.official(of, "chief", "Ada Stone", title="Chief of Police")
    make.official(of, "head", "Ben Marsh", title="Village President")
    make.official(of, "clerk", "Cy Holm", title="Village Clerk")
    make.in_team(stint)
    return stint


def notice_of(stint: Participation, received_on: date, **known: Any) -> TerminationNotice:
    """A Termination Notice, received."""
    return receive_notice(participation=stint, received_on=received_on, **known)


def refused(kind: str, record: Any, day: date = DAY) -> str:
    """The words with which a paper is refused."""
    with pytest.raises(ValidationError) as refusal:
        print_letter(LETTERS[kind], record, day)
    return " ".join(refusal.value.messages)
