"""Small records for tests of membership: fixed days, one line each, and the people who look at them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from membership.models import (
    Agency,
    AgreementVersion,
    Application,
    Approval,
    ApprovalDate,
    County,
    Execution,
    InsuranceCertificate,
    Official,
    Participation,
    Proceeding,
    Representative,
    SpecializedTeam,
    TeamParticipation,
)
from nipas_admin.accounts.models import User

JOINED = date(2003, 8, 18)
_numbers = count(1)


def agency(name: str = "", *counties: str, **known: Any) -> Agency:
    """An agency, in Cook County unless others are named."""
    number = next(_numbers)
    known.setdefault("ori", f"IL{number:07d}")
    made = Agency.objects.create(name=name or f"Agency {number:03d} Police Department", **known)
    made.counties.set(County.objects.filter(name__in=counties or ("Cook",)))
    return made


def official(of: Agency, capacity: str = "chief", name: str = "", **known: Any) -> Official:
    """A person who acts for the agency since 2015."""
    known.setdefault("from_on", date(2015, 1, 1))
    titles = {"chief": "Chief of Police", "head": "Mayor"}
    title = known.pop("title", titles.get(capacity, ""))
    return Official.objects.create(agency=of, capacity=capacity, name=name or f"Pat {capacity}", title=title, **known)


def version(edition: str) -> AgreementVersion:
    """The original or the amended agreement, as every register has them."""
    return AgreementVersion.objects.get(edition=edition)


def approval(of: Agency, *days: date, edition: str = "original", event: str = "adopted", **known: Any) -> Approval:
    """An ordinance whose sources give these days; two that differ disagree, none leaves it undated."""
    known = {"kind": "ordinance", "number": f"ORD-{next(_numbers)}", **known}
    made = Approval.objects.create(agency=of, agreement=version(edition), **known)
    for day in days:
        ApprovalDate.objects.create(approval=made, event=event, on=day, source="text")
    made.refresh_from_db()
    return made


def execution(of: Agency, on: date | None = JOINED, edition: str = "original", **known: Any) -> Execution:
    """The agreement signed by head and commanding officer on one day; undated for None."""
    known = {"head_signed": True, "chief_signed": True, "head_signed_on": on, "chief_signed_on": on, **known}
    return Execution.objects.create(agency=of, agreement=version(edition), **known)


def original_member(name: str = "", *counties: str, joined: date = JOINED, **known: Any) -> Participation:
    """An agency that participates under the Original Agreement since 2003, all papers on file."""
    of = agency(name, *counties, **known)
    return Participation.objects.create(
        agency=of, path="original", approval=approval(of, joined), execution=execution(of, joined)
    )


def new_member(name: str = "", joined: date = date(2021, 3, 10), **known: Any) -> Participation:
    """An agency that joined by Agreement §5.B, its dues paid."""
    of = agency(name)
    known = {"board_approved_on": joined, "dues_paid_on": joined, **known}
    papers = {
        "approval": approval(of, joined, edition="amended"),
        "execution": execution(of, joined, edition="amended"),
    }
    return Participation.objects.create(agency=of, path="new", **papers, **known)


def team(short_name: str = "EST", name: str = "Emergency Services Team") -> SpecializedTeam:
    """A Specialized Team."""
    return SpecializedTeam.objects.get_or_create(short_name=short_name, defaults={"name": name})[0]


def in_team(stint: Participation, of: SpecializedTeam | None = None, **known: Any) -> TeamParticipation:
    """A place in a team since 2020."""
    known = {"elected_on": date(2020, 1, 1), "officers_committed": 2, **known}
    return TeamParticipation.objects.create(participation=stint, team=of or team(), **known)


def application(of: Agency, letter_on: date = date(2026, 2, 2), **known: Any) -> Application:
    """An application with nothing but its letter."""
    return Application.objects.create(agency=of, letter_on=letter_on, **known)


def complete_application(of: Agency, recommender: Agency, letter_on: date = date(2026, 2, 2)) -> Application:
    """An application whose packet is in."""
    return application(
        of,
        letter_on,
        recommender=recommender,
        recommended_on=letter_on,
        approval=approval(of, letter_on, edition="amended"),
        execution=execution(of, letter_on, edition="amended"),
        ordinance_copy=True,
        executed_copy=True,
    )


def proceeding(stint: Participation, **known: Any) -> Proceeding:
    """A proceeding for detrimental behavior, notified and heard."""
    known = {
        "ground": "detriment",
        "reason": "Did not answer a call for aid.",
        "opened_on": date(2026, 3, 2),
        "notified_on": date(2026, 3, 3),
        "hearing_on": date(2026, 3, 20),
        **known,
    }
    return Proceeding.objects.create(participation=stint, **known)


def certificate(of: Agency, coverage: str = "auto", **known: Any) -> InsuranceCertificate:
    """A certificate for the year 2026 that meets the agreement."""
    known = {
        "carrier": "Illinois Mutual",
        "from_on": date(2026, 1, 1),
        "until_on": date(2027, 1, 1),
        "occurrence": 1_000_000,
        "personal_injury": 1_000_000,
        "general_aggregate": 2_000_000,
        "employers_liability": 500_000,
        "contractual_liability": True,
        "statutory": True,
        **known,
    }
    return InsuranceCertificate.objects.create(agency=of, coverage=coverage, **known)


def person(role: str, of: Agency | None = None) -> User:
    """Someone who signs in with a role, or a superuser; ``of`` is the agency represented."""
    name = f"{role.lower().replace(' ', '.')}.{next(_numbers)}"
    if role == "superuser":
        return User.objects.create_superuser(name, password="a long enough password")
    made = User.objects.create_user(name, password="a long enough password", is_staff=True)
    made.groups.add(Group.objects.get(name=role))
    if of is not None:
        Representative.objects.create(user=made, agency=of)
    return made
