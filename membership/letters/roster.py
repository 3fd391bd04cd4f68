"""The roster: who participates on a day, county by county, and what the quorum is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F

from documents.body import body
from documents.letters import Letter
from membership.letters.parts import in_short
from membership.models import Agency, Official, Participation, TeamParticipation
from membership.rules.facts import Status
from membership.services import standing_of
from nipas_admin.shared.citations import BYLAWS, Citation
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact
from nipas_admin.shared.shares import more_than_half

NO_COUNTY = "County not recorded"
QUORUM = BYLAWS.at("XIII", 2)


@dataclass(frozen=True)
class Line:
    """One active agency, under the first of its counties; ``remarks`` tell of a running notice and other counties."""

    agency: str
    chief: str
    ori: str
    teams: str
    county: str
    remarks: str


@dataclass(frozen=True)
class CountyLines:
    """The active agencies of one county, by name."""

    county: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Open:
    """An agency that is suspended or not determined: what the register knows of it, and what is missing."""

    agency: str
    because: tuple[Fact, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Roster(Letter):
    """The roster. ``quorum`` is of the active agencies, ``quorum_at_most`` if all not determined are active too."""

    counties: tuple[CountyLines, ...]
    suspended: tuple[Open, ...]
    not_determined: tuple[Open, ...]
    active_count: int
    notice_count: int
    quorum: int
    quorum_at_most: int
    quorum_clause: Citation


def roster(record: None, day: date) -> Roster:
    """The roster as of the day. The number of queries grows only with the suspended and the not determined."""
    agencies = list(Agency.objects.with_status_on(day).prefetch_related("counties").order_by("name"))
    by_status: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        by_status[agency.status].append(agency)
    active = by_status[Status.ACTIVE.value]
    unsure = by_status[Status.NOT_DETERMINED.value]
    return Roster(
        title="Roster of Participating Agencies",
        as_on=day,
        about=body().short_name,
        counties=_by_county(_lines(active, day)),
        suspended=tuple(_open(agency, day) for agency in by_status[Status.SUSPENDED.value]),
        not_determined=tuple(_open(agency, day) for agency in unsure),
        active_count=len(active),
        notice_count=sum(bool(agency.notice_ends_on) for agency in active),  # type: ignore[attr-defined]
        quorum=more_than_half(len(active)),
        quorum_at_most=more_than_half(len(active) + len(unsure)),
        quorum_clause=QUORUM,
    )


def _lines(active: Iterable[Agency], day: date) -> list[Line]:
    chiefs, teams = _chiefs_on(day), _teams_on(day)
    lines = []
    for agency in active:
        county, *others = [f"{county.name} County" for county in agency.counties.all()] or [NO_COUNTY]
        lines.append(
            Line(
                agency=agency.name,
                chief=chiefs.get(agency.pk, ""),
                ori=agency.ori,
                teams=", ".join(teams[agency.pk]),
                county=county,
                remarks=_remarks(agency.notice_ends_on, others),  # type: ignore[attr-defined]
            )
        )
    return lines


def _remarks(notice_ends_on: date | None, other_counties: Iterable[str]) -> str:
    also = ", ".join(other_counties)
    remarks = (
        f"Notice pending, ends {in_words(notice_ends_on)}" if notice_ends_on else "",
        f"Also in {also}" if also else "",
    )
    return ". ".join(remark for remark in remarks if remark)


def _by_county(lines: Iterable[Line]) -> tuple[CountyLines, ...]:
    ordered = sorted(lines, key=lambda line: (line.county == NO_COUNTY, line.county, line.agency.casefold()))
    return tuple(CountyLines(county, tuple(group)) for county, group in groupby(ordered, key=lambda line: line.county))


def _chiefs_on(day: date) -> dict[int, str]:
    """Who leads each agency on the day: name and title; of several in office the one who came last."""
    chiefs = Official.objects.in_office_on(day).filter(capacity=Official.Capacity.CHIEF)
    ordered = chiefs.order_by(F("from_on").asc(nulls_first=True), "pk")
    return {chief.agency_id: ", ".join(part for part in (chief.name, chief.title) if part) for chief in ordered}


def _teams_on(day: date) -> dict[int, list[str]]:
    """The short names of the teams in which each agency has a place on the day, in a stint that is active."""
    active = Participation.objects.active_on(day).values("pk")
    places = TeamParticipation.objects.standing_on(day).filter(participation__in=active)
    teams: dict[int, list[str]] = defaultdict(list)
    names = places.order_by("team__short_name").values_list("participation__agency", "team__short_name").distinct()
    for agency, name in names:
        teams[agency].append(name)
    return teams


def _open(agency: Agency, day: date) -> Open:
    found = standing_of(agency, day)
    return Open(agency.name, in_short(found.status, found.finding.because), found.finding.missing)
