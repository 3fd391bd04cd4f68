"""The page of one agency, put together: facts, standing, acts, timeline and the tables of what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst

from membership import services
from membership.agency_page import parts
from membership.models import (
    Agency,
    Application,
    Approval,
    Execution,
    InsuranceCertificate,
    Official,
    Participation,
    Proceeding,
    TeamParticipation,
    TerminationNotice,
)
from membership.rules import insurance
from membership.rules.facts import Path, Status
from nipas_admin.shared import scope
from nipas_admin.shared.acts import with_clauses
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import Day
from nipas_admin.shared.furniture import Column, Moment, Related, Row, in_order
from nipas_admin.shared.pages import Answer, Button, add_address, address, may

STANDS = (Status.ACTIVE, Status.SUSPENDED, Status.NOT_DETERMINED)
OUTSIDE = (Status.PROSPECT, Status.WITHDRAWN, Status.TERMINATED, Status.LAPSED)


class AgencyPage:
    """Everything that an agency's page shows on one day to one person."""

    def __init__(self, request: HttpRequest, agency: Agency, day: Day) -> None:
        self.request = request
        self.agency = agency
        self.day = day

    def context(self) -> dict[str, Any]:
        """For ``membership/agency_page.html``."""
        standing = self.standing
        may_see_all = may(self.request, "view", Participation)
        moments = [
            Moment(e.on, capfirst(e.title), capfirst(e.detail), e.url if may_see_all else "", e.when)
            for e in services.timeline_of(self.agency)
        ]
        timeline, undated = in_order(moments, self.day.chosen)
        return {
            "standing": standing,
            "status": standing.badge,
            "status_label": f"Notice pending, ends {in_words(standing.notice_ends_on)}"
            if standing.badge == "notice_pending"
            else "",
            "ahead": standing.ahead,
            "happens": [with_clauses(c.text, c.citations) for c in standing.consequences],
            "happens_on": standing.consequences[0].on if standing.consequences else None,
            "facts": [(label, value) for label, value in self.facts() if value],
            "buttons": [*self.buttons(), *self._of_rooms("buttons")],
            "insurance": self.insurance(),
            "more_answers": self._of_rooms("answers"),
            "timeline": timeline,
            "undated": undated,
            "related_tables": [*(table for table in self.tables() if table), *self._of_rooms("tables")],
        }

    def _of_rooms(self, what: str) -> list[Any]:
        """What the rooms above show of this agency."""
        return [one for part in parts() for one in getattr(part, what)(self.request, self.agency, self.day)]

    @cached_property
    def standing(self) -> services.Standing:
        """Where it stands on the day, and why."""
        return services.standing_of(self.agency, self.day.chosen)

    @cached_property
    def stints(self) -> list[Any]:
        """Its stints, oldest first, each with its status on the day."""
        rows = self.agency.participations.with_status_on(self.day.chosen)
        return list(rows.select_related("approval", "execution").order_by("number"))

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What it is, in a few lines."""
        agency = self.agency
        officials = {
            capacity: list(self.agency.officials.in_office_on(self.day.chosen).filter(capacity=capacity))
            for capacity in (Official.Capacity.CHIEF, Official.Capacity.HEAD)
        }
        yield "Kind", agency.get_kind_display()
        yield "Public body", agency.public_body
        yield "Corporate authorities", agency.governing_body
        yield "Counties", ", ".join(county.name for county in agency.counties.all())
        yield "Chief executive officer", "; ".join(map(str, officials[Official.Capacity.CHIEF]))
        yield "Head of the corporate authorities", "; ".join(map(str, officials[Official.Capacity.HEAD]))
        yield "ORI", agency.ori
        town = " ".join(
            filter(None, (f"{agency.city}," if agency.city else "", "IL" if agency.city else "", agency.zip_code))
        )
        yield "Address", ", ".join(filter(None, (agency.street, town)))
        yield "Telephone", agency.telephone
        yield "E-mail", agency.email
        sworn = agency.sworn_officers
        as_of = f", as of {in_words(agency.sworn_as_of)}" if agency.sworn_as_of else ""
        yield "Sworn officers", f"{sworn}{as_of}" if sworn is not None else ""
        yield "Officers indemnified by", agency.indemnified_by
        yield "Note", agency.note

    # Acts

    def buttons(self) -> Iterator[Button]:
        """The acts that make sense as it stands, the likeliest first; only those this person may do."""
        status, agency = self.standing.status, self.agency
        request = self.request
        running = self._running_notice()
        if status in STANDS and not running and may(request, "add", TerminationNotice):
            yield Button("Record Termination Notice", add_address(TerminationNotice, agency=agency.pk), primary=True)
        if running and may(request, "view", TerminationNotice):
            yield Button("Open the Termination Notice", address(running), primary=True)
        pending = Application.objects.filter(agency=agency, decision="").first()
        if pending and may(request, "view", Application):
            yield Button("Open the application", address(pending), primary=True)
        elif status in OUTSIDE and may(request, "add", Application):
            yield Button("Open an application", add_address(Application, agency=agency.pk), primary=True)
        for model, label in ((Approval, "Record Approval"), (Execution, "Record Execution")):
            if may(request, "add", model):
                yield Button(label, add_address(model, agency=agency.pk))
        stint = self._governing()
        if stint is not None and status in STANDS and may(request, "add", Proceeding):
            yield Button("Record proceeding", add_address(Proceeding, participation=stint.pk))

    def _governing(self) -> Any:
        standing = [stint for stint in self.stints if stint.status in {status.value for status in STANDS}]
        return standing[-1] if standing else None

    def _running_notice(self) -> TerminationNotice | None:
        notices = TerminationNotice.objects.filter(participation__agency=self.agency)
        return notices.pending_on(self.day.chosen).order_by("effective_on").first()

    def insurance(self) -> Answer | None:
        """Whether its insurance meets the agreement on the day; None for those who may not see it."""
        if not may(self.request, "view", InsuranceCertificate) or self.standing.status not in STANDS:
            return None
        held = [row.certificate for row in self.certificates]
        return Answer("Insurance of Agreement §3.H", insurance.insured_on(held, self.day.chosen))

    @cached_property
    def certificates(self) -> list[Any]:
        """Its certificates, the latest first."""
        return list(self.agency.certificates.order_by("-from_on", "coverage"))

    # What belongs to it

    def tables(self) -> Iterator[Related | None]:
        """The compact tables below the timeline."""
        yield self._table(
            Official,
            "Officials",
            ["Name", "Title", "Capacity", "In office"],
            (
                Row(
                    (o.name, o.title, o.get_capacity_display().partition(" (")[0], _span(o.from_on, o.until_on)),
                    address(o),
                )
                for o in self.agency.officials.order_by("until_on", "capacity", "name")
            ),
            "Nobody is recorded yet: its chief executive officer and the head of its corporate authorities sign.",
        )
        yield self._table(
            Approval,
            "Approvals",
            ["Paper", "Agreement", "Date", "Evidence"],
            (
                Row(
                    (a.label, a.agreement.get_edition_display(), _when(a), a.get_evidence_display().capitalize()),
                    address(a),
                )
                for a in self.agency.approvals.select_related("agreement").order_by("latest_on", "pk")
            ),
            "No ordinance or resolution is recorded (Agreement §5.A.1).",
        )
        yield self._table(
            Execution,
            "Executions",
            ["Agreement", "Head", "Commanding officer", "Executed"],
            (
                Row(
                    (e.agreement.get_edition_display(), _signed(e, "head"), _signed(e, "chief"), _in_words(e.when)),
                    address(e),
                )
                for e in self.agency.executions.select_related("agreement", "head", "chief").order_by(
                    "agreement__edition", "pk"
                )
            ),
            "No signatures are recorded (Agreement §5.A.2).",
        )
        yield self._table(
            Participation,
            "Participation",
            ["Stint", "Under", "Status", "First day out"],
            (
                Row(
                    (
                        f"Stint {s.number}",
                        "Original Agreement" if s.path == Path.ORIGINAL else "Agreement §5.B",
                        _badge(s.status),
                        _day(min(filter(None, (s.withdrawn_on, s.terminated_on)), default=None), ""),
                    ),
                    address(s),
                )
                for s in self.stints
            ),
            "It has never participated.",
        )
        yield self._table(
            Application,
            "Applications",
            ["Letter of request", "Recommended by", "Decision", "Decided"],
            (
                Row(
                    (
                        _day(a.letter_on),
                        str(a.recommender or "not yet"),
                        a.get_decision_display() or "Open",
                        _day(a.decided_on, ""),
                    ),
                    address(a),
                )
                for a in self.agency.applications.select_related("recommender")
            ),
            "It has not applied.",
        )
        yield self._table(
            TerminationNotice,
            "Termination Notices",
            ["Received", "First day out", "Rescinded"],
            (
                Row((_day(n.received_on), _day(n.effective_on), _day(n.rescinded_on, "")), address(n))
                for n in TerminationNotice.objects.filter(participation__agency=self.agency)
            ),
            "None.",
        )
        yield self._table(
            Proceeding,
            "Proceedings",
            ["Opened", "Outcome", "First day", "First day back"],
            (
                Row(
                    (
                        _day(p.opened_on),
                        p.get_outcome_display() or "Open",
                        _day(p.effective_on, ""),
                        _day(p.suspended_until_on, ""),
                    ),
                    address(p),
                )
                for stint in self.agency.participations.prefetch_related("proceedings")
                for p in stint.proceedings.all()
            ),
            "None.",
            stint=True,
        )
        yield self._table(
            TeamParticipation,
            "Teams",
            ["Team", "Officers", "Takes part"],
            (
                Row(
                    (
                        t.team.name,
                        "" if t.officers_committed is None else t.officers_committed,
                        _span(t.elected_on, t.ended_on),
                    ),
                    address(t),
                )
                for stint in self.agency.participations.prefetch_related("teams__team")
                for t in stint.teams.all()
            ),
            "It takes part in no Specialized Team.",
            stint=True,
        )
        yield self._table(
            InsuranceCertificate,
            "Insurance",
            ["Line", "Carrier", "Covers"],
            (
                Row((c.get_coverage_display(), c.carrier, _span(c.from_on, c.until_on)), address(c))
                for c in self.certificates
            ),
            "No certificate is on file (Agreement §3.H).",
        )

    def _table(
        self, model: type[Model], title: str, columns: list[str], rows: Any, empty: str, *, stint: bool = False
    ) -> Related | None:
        if not may(self.request, "view", model):
            return None
        listed = list(rows)
        governing = self._governing() if stint else None
        known = {"participation": governing.pk} if governing else {"agency": self.agency.pk}
        addable = may(self.request, "add", model) and (not stint or governing)
        if not listed and not addable and scope.agencies_of(self.request.user) is None and empty == "None.":
            return None
        return Related(
            title,
            [Column(name, number=name == "Officers") for name in columns],
            listed,
            empty,
            add_address(model, **known) if addable else "",
            "Add",
        )


def _day(on: Any, unknown: str = "Date unknown") -> Any:
    return format_html('<span class="day">{}</span>', in_words(on)) if on else unknown


def _span(start: Any, end: Any) -> Any:
    """From one day until another, the first day out; since a day, while it lasts."""
    if end is None:
        return format_html("since {}", _day(start)) if start else "Since when is not known"
    return format_html("{} until {}", _day(start), _day(end))


def _in_words(when: Any) -> Any:
    return _day(when.day) if when.day else capfirst(str(when))


def _when(approval: Any) -> Any:
    if not approval.approves:
        return f"Rescinds only; {approval.when}"
    disagree = approval.when.earliest and approval.when.latest and approval.when.day is None
    return f"Dates disagree: {approval.when}" if disagree else _in_words(approval.when)


def _signed(execution: Any, who: str) -> str:
    signature = getattr(execution, f"{who}_signature")
    if not signature.signed:
        return "Not signed"
    official = getattr(execution, who)
    name = official.name if official else getattr(execution, f"{who}_name")
    return f"{name or 'Signed'}, {signature.when}"


def _badge(status: str | None) -> Any:
    return badge(status) if status else "Not begun"
