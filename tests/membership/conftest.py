"""What finds an agency of the demonstration, and a small register to read; and what commands say."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command

from membership.demo.places import places
from membership.models import (
    Agency,
    AgreementVersion,
    Approval,
    ApprovalDate,
    County,
    Execution,
    Participation,
    Proceeding,
)
from membership.services import decide_proceeding, receive_notice, restate

KEYS = {place.key: place.name for place in places()}
TODAY = date(2026, 12, 1)


def day(text):
    return date.fromisoformat(text)


@pytest.fixture
def agency(demo, db):
    """Finds an agency by the short name that the stories use."""
    return lambda key: Agency.objects.get(name=KEYS[key])


def said_by(command, *arguments, **options):
    """What a command writes."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def joined(name, ori, approved=date(1990, 3, 5), signed=date(1990, 3, 19)):
    """An agency under the Original Agreement, all in order; the collective date has not come."""
    agency = Agency.objects.create(name=name, ori=ori, kind="municipal", public_body=f"Village of {name.split()[0]}")
    agency.counties.add(County.objects.get(name="Lake"))
    original = AgreementVersion.objects.get(edition="original")
    Participation.objects.create(agency=agency, path="original")
    approval = Approval.objects.create(agency=agency, agreement=original, kind="ordinance", number="90-1")
    ApprovalDate.objects.create(approval=approval, event="adopted", on=approved)
    Execution.objects.create(
        agency=agency,
        agreement=original,
        head_signed=True,
        head_signed_on=signed,
        chief_signed=True,
        chief_signed_on=signed,
    )
    restate(agency)
    return agency


@pytest.fixture
def register(db):
    """Larkfield, active; Foxfield, its notice received in 2015; Fernley, suspended, later terminated; Yewdale."""
    larkfield = joined("Larkfield Police Department", "IL0ZZ0010")
    foxfield = joined("Foxfield Police Department", "IL0ZZ0020")
    fernley = joined("Fernley Police Department", "IL0ZZ0030")
    Agency.objects.create(name="Yewdale Police Department")
    receive_notice(participation=foxfield.participations.get(), received_on=date(2015, 6, 1))
    for outcome, decided_on, until in (
        ("suspended", date(2014, 2, 11), date(2014, 4, 1)),
        ("terminated", date(2015, 3, 10), None),
    ):
        proceeding = Proceeding.objects.create(
            participation=fernley.participations.get(), ground="detriment", opened_on=date(2013, 12, 3),
            reason="Conduct.", notified_on=date(2013, 12, 10), hearing_on=date(2014, 2, 11),
        )  # fmt: skip
        decide_proceeding(
            proceeding=proceeding,
            outcome=outcome,
            decided_on=decided_on,
            votes_for=8,
            in_office=11,
            suspended_until_on=until,
        )
    return larkfield, foxfield, fernley
