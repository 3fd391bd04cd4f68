"""One agency as it stands on a day: status, why, what is missing, what will happen, and its dated facts in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from geopy.distance import great_circle

from membership.models import Agency, AgreementVersion, Application, Participation, TeamParticipation
from membership.querysets import ENDED_VALUES
from membership.rules import joining
from membership.rules.facts import Adoption, Path, Status, Stint
from membership.rules.instruments import PASSAGE_AND_APPROVAL
from membership.rules.leaving import Consequence, consequences_of_ending, notice_pending
from membership.rules.standing import governing_stint
from membership.rules.why import History, changes_ahead, days_of_change, standing_on
from nipas_admin.shared.dated import Dated, day_before
from nipas_admin.shared.findings import Fact, Finding


@dataclass(frozen=True)
class Standing:
    """What the standing panel shows, and ``standing --json`` prints."""

    agency: Agency
    day: date
    finding: Finding[Status]
    notice_ends_on: date | None
    ahead: tuple[tuple[date, Status], ...]
    consequences: tuple[Consequence, ...]

    @property
    def status(self) -> Status:
        """Where the agency stands."""
        return self.finding.value or Status.NOT_DETERMINED

    @property
    def badge(self) -> str:
        """The badge's name: a running notice shows on an active agency."""
        return "notice_pending" if self.notice_ends_on and self.status is Status.ACTIVE else self.status.value

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON: the Finding whole, with what will happen."""
        return {
            "agency": self.agency.name,
            "ori": self.agency.ori or None,
            "on": self.day.isoformat(),
            "status": self.status.value,
            "notice_ends_on": self.notice_ends_on.isoformat() if self.notice_ends_on else None,
            "finding": self.finding.as_dict(),
            "ahead": [{"on": on.isoformat(), "status": status.value} for on, status in self.ahead],
            "consequences": [consequence.as_dict() for consequence in self.consequences],
        }


def stints_of(agency: Agency) -> list[Participation]:
    """The agency's stints in order, with all that the rules read of them, in a fixed number of queries."""
    return _with_papers(agency.participations.all())


def stints_by_agency(agencies: Iterable[int]) -> dict[int, list[Stint]]:
    """The stints of many agencies by primary key, for the rules; the same few queries however many they are."""
    found: dict[int, list[Stint]] = {key: [] for key in agencies}
    for row in _with_papers(Participation.objects.filter(agency__in=found)):
        found[row.agency_id].append(row.stint)
    return found


def _with_papers(rows: QuerySet[Participation]) -> list[Participation]:
    papers = ("approval", "execution", "amended_approval", "amended_execution")
    people = [f"{paper}__{who}" for paper in ("execution", "amended_execution") for who in ("head", "chief")]
    fetch = ("proceedings", "notices", "approval__dates", "amended_approval__dates")
    return list(rows.select_related(*papers, *people).prefetch_related(*fetch).order_by("agency", "number"))


def history_of(agency: Agency, known: Sequence[Participation] | None = None) -> History:
    """The recorded facts of an agency's participation, for the rules; ``known`` are its stints if already fetched."""
    stints = stints_of(agency) if known is None else known
    by_key = {row.pk: row.stint for row in stints}
    requests = [
        application.request
        if application.participation_id is None
        else type(application.request)(
            application.letter_on, application.request.closed_on, by_key[application.participation_id]
        )
        for application in agency.applications.select_related("participation")
    ]
    notices = tuple(notice.notice for row in stints for notice in row.notices.all())
    return History(tuple(by_key.values()), tuple(requests), notices)


def standing_of(agency: Agency, day: date, adoption: Adoption | None = None) -> Standing:
    """The agency on a day, whole. The same number of queries whatever its history."""
    adoption = adoption or AgreementVersion.objects.adoption()
    rows = stints_of(agency)
    history = history_of(agency, rows)
    governing = governing_stint(history.stints, adoption, day)
    finding = standing_on(history, adoption, day)
    if governing is not None:
        row = next(row for row in rows if row.number == governing[0].number)
        finding = finding.flagged(oddities(row, amended=adoption.collective.by(day) is not False))
    running = notice_pending(day, history.notices)
    ends_on = running.effective_on if running and finding.value and not finding.value.has_ended else None
    ahead = changes_ahead(history, adoption, day, list(days_of_change(history, adoption)))
    ending = ends_on or next((on for on, status in ahead if status.has_ended), None)
    return Standing(agency, day, finding, ends_on, ahead, what_ends(agency, ending) if ending else ())


SeatsHeld = Callable[[Agency, date], Sequence[str]]

_seats_held: list[SeatsHeld] = []


def tell_seats(teller: SeatsHeld) -> None:
    """Name the function by which the room of the Board says which seats an agency's people hold on a day."""
    _seats_held[:] = [teller]


def what_ends(agency: Agency, ends_on: date) -> tuple[Consequence, ...]:
    """Everything that happens by itself on the agency's first day out, seen from its last day in."""
    last_day = day_before(ends_on)
    seats = _seats_held[0](agency, last_day) if _seats_held else None
    return consequences_of_ending(ends_on, teams_on(agency, last_day), seats)


def oddities(row: Participation, *, amended: bool) -> Iterator[Fact]:
    """What is odd about a stint's papers without changing where it stands: dates that disagree, early signatures.

    ``amended``: whether the papers of the amended agreement matter yet.
    """
    papers = [(row.approval, row.execution)]
    if amended:
        papers.append((row.amended_approval, row.amended_execution))
    for approval, execution in papers:
        found = approval.finding() if approval is not None else None
        if approval is not None and found is not None and found.value is None and len(found.because) > 1:
            yield Fact(f"{approval.label}: {'; '.join(found.missing)}", citations=(PASSAGE_AND_APPROVAL,))
        if execution is not None:
            yield from execution.finding(approval).flags
    if row.path == Path.NEW.value:
        yield from joining.admission(row.stint).flags


def stint_on(agency: Agency, day: date) -> Participation | None:
    """The stint that gives the agency its status on the day; the latest one where none had begun; None without any."""
    rows = {row.number: row for row in agency.participations.prefetch_related("proceedings").order_by("number")}
    governing = governing_stint([row.stint for row in rows.values()], AgreementVersion.objects.adoption(), day)
    return rows[governing[0].number] if governing else rows[max(rows)] if rows else None


def teams_on(agency: Agency, day: date) -> list[str]:
    """The names of the teams in which the agency has a place on the day."""
    stints = agency.participations.with_status_on(day).exclude(status__in=ENDED_VALUES)
    places = TeamParticipation.objects.standing_on(day).filter(participation__in=stints.values("pk"))
    return list(places.order_by("team__name").values_list("team__name", flat=True).distinct())


@dataclass(frozen=True)
class Event:
    """One dated fact of an agency's timeline; ``when`` in words, ``on`` None when undated."""

    on: date | None
    when: str
    title: str
    detail: str = ""
    url: str = ""


def _event(when: Dated, title: str, detail: str, record: Any) -> Event:
    address = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    return Event(when.day or when.latest or when.earliest, str(when), title, detail, address)


def timeline_of(agency: Agency) -> list[Event]:
    """Every dated fact of the agency, latest first; undated ones last."""
    events: list[Event] = []
    for approval in agency.approvals.select_related("agreement").prefetch_related("dates"):
        verb = "approves" if approval.approves else "rescinds"
        events.append(
            _event(
                approval.when,
                f"{approval.label} {verb} the {approval.agreement.get_edition_display()}",
                approval.source,
                approval,
            )
        )
    for execution in agency.executions.select_related("agreement", "head", "chief"):
        for who, signature in (
            (execution.head_who, execution.head_signature),
            (execution.chief_who, execution.chief_signature),
        ):
            if signature.signed:
                events.append(
                    _event(
                        signature.when, f"{who} signed the {execution.agreement.get_edition_display()}", "", execution
                    )
                )
    for application in agency.applications.select_related("recommender"):
        events.append(_event(Dated.on(application.letter_on), "Letter of request to participate", "", application))
        if application.recommended_on:
            events.append(
                _event(
                    Dated.on(application.recommended_on), f"Recommended by {application.recommender}", "", application
                )
            )
        if application.decided_on:
            events.append(
                _event(
                    Dated.on(application.decided_on),
                    application.get_decision_display(),
                    "out of order" if application.out_of_order else "",
                    application,
                )
            )
    for stint in agency.participations.prefetch_related("notices", "proceedings", "teams__team"):
        for on, title in (
            (stint.attested_on, "Attested as participating"),
            (stint.board_approved_on, "Approved by the Board"),
            (stint.dues_paid_on, "Joining dues paid"),
            (stint.settled_on, f"Decided that it {stint.get_settlement_display().lower()}"),
        ):
            if on:
                events.append(_event(Dated.on(on), title, stint.attested_by if on == stint.attested_on else "", stint))
        for notice in stint.notices.all():
            events.append(_event(Dated.on(notice.received_on), "Termination Notice received", notice.signed_by, notice))
            if notice.rescinded_on:
                events.append(_event(Dated.on(notice.rescinded_on), "Termination Notice rescinded", "", notice))
            else:
                events.append(
                    _event(
                        Dated.on(notice.effective_on),
                        "Participation ends by Termination Notice",
                        "first day out",
                        notice,
                    )
                )
        for proceeding in stint.proceedings.all():
            for on, title in (
                (proceeding.opened_on, "Proceeding opened"),
                (proceeding.notified_on, "Agency notified of the proceeding"),
                (proceeding.hearing_on, "Hearing before the Board"),
                (proceeding.decided_on, f"Board's decision: {proceeding.get_outcome_display().lower()}"),
                (proceeding.effective_on, f"{proceeding.get_outcome_display()}, first day"),
                (proceeding.suspended_until_on, "Suspension ends, first day back"),
            ):
                if on:
                    events.append(_event(Dated.on(on), title, "", proceeding))
        for place in stint.teams.all():
            officers = f"{place.officers_committed} officers" if place.officers_committed is not None else ""
            if place.elected_on or not place.ended_on:
                events.append(
                    _event(
                        Dated.on(place.elected_on) if place.elected_on else Dated.unknown(),
                        f"Elected into {place.team}",
                        officers,
                        place,
                    )
                )
            if place.ended_on:
                events.append(_event(Dated.on(place.ended_on), f"Left {place.team}", "", place))
    return sorted(events, key=lambda event: (event.on is not None, event.on or date.min), reverse=True)


def packet_of(application: Application, adoption: Adoption | None = None) -> Finding[bool]:
    """The application's packet (Bylaws Art. III §4), asking whether its recommender was active."""
    good = at_vote = None
    if application.recommender and application.recommended_on:
        good = _active(application.recommender, application.recommended_on, adoption)
        if application.decided_on:
            at_vote = _active(application.recommender, application.decided_on, adoption)
    return joining.packet_complete(application.packet(good, at_vote))


def _active(agency: Agency, day: date, adoption: Adoption | None) -> bool | None:
    status = standing_of(agency, day, adoption).status
    return None if status is Status.NOT_DETERMINED else status is Status.ACTIVE


def nearest_active(agency: Agency, day: date, count: int = 5) -> list[tuple[Agency, float]]:
    """The nearest active agencies with their distance in miles (Bylaws Art. III §5.b); empty without coordinates."""
    if agency.latitude is None:
        return []
    here = (agency.latitude, agency.longitude)
    others = Agency.objects.active_on(day).filter(latitude__isnull=False).exclude(pk=agency.pk)
    return sorted(
        ((other, great_circle(here, (other.latitude, other.longitude)).miles) for other in others),
        key=lambda pair: pair[1],
    )[:count]
