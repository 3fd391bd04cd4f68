"""Writes the demonstration register, the same one every time: no chance and no clock in it."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

from django.core.exceptions import ValidationError
from django.db import transaction

from membership.demo import parts
from membership.demo.clerk import Clerk, Register, keep
from membership.demo.places import places
from membership.demo.stories import STORIES
from membership.models import Agency, AgreementVersion, County, SpecializedTeam
from membership.services import restate

for chapter in ("adoption", "leaving", "joining"):
    import_module(f"membership.demo.{chapter}")

COLLECTIVE_ON = date(2019, 2, 5)
FIRST_MEETING, BUSY_MEETING, LATER_MEETING = date(2018, 5, 14), date(2018, 10, 15), date(2018, 10, 22)
BUSY_SIGNING, LATER_SIGNING = date(2018, 12, 3), date(2018, 12, 10)
EARLY, BUSY = 32, 16


@transaction.atomic
def load() -> list[str]:
    """Write the demonstration into an empty register. Returns what was written, in words.

    Raises ValidationError when the register holds agencies already: the demonstration never mixes with real ones.
    """
    held = Agency.objects.count()
    if held:
        raise ValidationError(
            f"This register already holds {held:,} {'agency' if held == 1 else 'agencies'}, and the demonstration is "
            "loaded into an empty register only: invented agencies never stand among real ones. Nothing was written."
        )
    register = Register(
        original=AgreementVersion.objects.get(edition="original"),
        amended=AgreementVersion.objects.amended(),
        counties={county.name: county for county in County.objects.all()},
        teams={team.short_name: keep(team) for team in _teams()},
    )
    for place in places():
        shows = STORIES[place.key].shows if place.key in STORIES else ""
        register.clerks[place.key] = Clerk.opens(register, place, shows)
    ordinary = [clerk for key, clerk in register.clerks.items() if key not in STORIES or STORIES[key].ordinary]
    for turn, clerk in enumerate(ordinary):
        _ordinary(clerk, turn)
    _tell(register, early=True)
    _collective_date(register.amended)
    _tell(register, early=False)
    return [f"{len(register.clerks)} invented agencies", *parts.write()]


def _tell(register: Register, *, early: bool) -> None:
    for key, story in STORIES.items():
        if story.early is early:
            story.tell(register.clerks[key])
            restate(register.clerks[key].agency)


def _collective_date(amended: AgreementVersion) -> None:
    amended.collective_state = AgreementVersion.Collective.KNOWN
    amended.collective_on = COLLECTIVE_ON
    amended.collective_source = "Demonstration: the special meeting of 5 February 2019, the last of the three events"
    keep(amended)


def _ordinary(clerk: Clerk, turn: int) -> None:
    """One of the many: joined between 1983 and 2011, approved and executed the amended agreement in good time."""
    joined = date(1983 + turn % 29, 1 + turn * 5 % 12, 1 + turn * 11 % 28)
    clerk.joins(joined, joined + timedelta(days=14), joined + timedelta(days=9))
    clerk.adopts(*_in_turn(turn))
    restate(clerk.agency)
    if turn % 3 == 0 and clerk.place.key not in STORIES:
        _takes_part(clerk, turn)
    if turn % 2 == 0 and clerk.place.key not in STORIES:
        clerk.insures()


def _in_turn(turn: int) -> tuple[date, date]:
    """When the body approved and executed: the early ones a week apart, many on one evening, the rest in winter."""
    if turn < EARLY:
        approved = FIRST_MEETING + timedelta(days=7 * (turn % 20))
        return approved, approved + timedelta(days=14)
    if turn < EARLY + BUSY:
        return BUSY_MEETING, BUSY_SIGNING
    later = 7 * ((turn - EARLY - BUSY) % 6)
    return LATER_MEETING + timedelta(days=later), LATER_SIGNING + timedelta(days=later)


def _teams() -> list[SpecializedTeam]:
    return [
        SpecializedTeam(
            name="Prairie Response Team", short_name="PRT", established_on=date(1992, 3, 2),
            scope="Invented for the demonstration: searches, barricades and high-risk arrests.",
            criteria="Two officers or more, and the team's own training.",
        ),
        SpecializedTeam(
            name="Crowd Management Team", short_name="CMT", established_on=date(1996, 9, 9),
            scope="Invented for the demonstration: large events and unrest.",
            criteria="Four officers or more, and the team's own equipment.",
        ),
    ]  # fmt: skip


def _takes_part(clerk: Clerk, turn: int) -> None:
    """A place in the first team, and for every other one in the second too."""
    elected = date(2013 + turn % 5, 1 + turn % 12, 10)
    clerk.takes_part("PRT", elected, 1 + turn % 3, agreement_on=elected - timedelta(days=14), compliant_on=elected)
    if turn % 2:
        clerk.takes_part("CMT", elected, 2 + turn % 4, agreement_on=elected - timedelta(days=7), compliant_on=elected)
