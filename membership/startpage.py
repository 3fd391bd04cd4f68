"""What the start page says of membership: where we stand, what waits for a person, what is coming up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from membership.models import (
    Agency,
    AgreementVersion,
    Application,
    InsuranceCertificate,
    Proceeding,
    TerminationNotice,
)
from membership.own import own_agencies_on
from membership.rules import joining, leaving
from membership.rules.facts import Status
from membership.services import adoption_progress, what_ends
from membership.undated import disagreeing_approvals, undated_executions
from nipas_admin.shared import scope
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.shares import more_than_half
from nipas_admin.shared.startpage import Figure, Marker, Need, Provider, QuickLink

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

SOON, SOON_OUT = timedelta(days=60), timedelta(days=180)
MOST = 8


def _list(model: str, query: str = "") -> str:
    return reverse(f"admin:membership_{model}_changelist") + query


def _page(record: Any) -> str:
    return reverse(f"admin:membership_{record._meta.model_name}_change", args=[record.pk])


class MembershipStart(Provider):
    """Agencies, papers and notices."""

    def figures(self, user: AbstractUser, day: date) -> Iterator[Figure]:
        """Active agencies; quorum, notices, what is not determined for those who read who participates and why.

        Nothing for those who see one agency.
        """
        if scope.agencies_of(user) is not None or not user.has_perm("membership.view_agency"):
            return
        roll: Any = Agency.objects.all()
        rows = dict(roll.with_status_on(day).order_by().values_list("status").annotate(Count("pk")))
        active, unknown = rows.get(Status.ACTIVE.value, 0), rows.get(Status.NOT_DETERMINED.value, 0)
        yield Figure(
            "Active agencies", str(active), _list("agency", "?status=active"), f"of {sum(rows.values())} on the roll"
        )
        if not user.has_perm("membership.view_participation"):
            return
        quorum = str(more_than_half(active)) if active else "none"
        depends = (
            f"up to {more_than_half(active + unknown)} if those not determined are active"
            if unknown
            else "more than half of the active agencies"
        )
        yield Figure("Quorum of the annual meeting", quorum, note=depends)
        notices: Any = TerminationNotice.objects.all()
        pending = notices.pending_on(day).values("participation__agency").distinct().count()
        yield Figure("Notices pending", str(pending), _list("agency", "?pending=notice"))
        yield Figure("Not determined", str(unknown), _list("agency", "?status=not_determined"), "facts are missing")
        if not AgreementVersion.objects.adoption().collective.happened:
            counted = adoption_progress(day).approvals
            approved = f"{counted.sure} of {counted.base}"
            yield Figure(
                "Approvals of the amended agreement",
                approved,
                reverse("membership:adoption"),
                f"{counted.needed} needed",
            )

    def needs(self, user: AbstractUser, day: date) -> Iterator[Need]:
        """What a person who keeps the records must do, soonest first; a few of each kind and a line for the rest."""
        if scope.agencies_of(user) is not None:
            return
        may = user.has_perm
        if may("membership.change_approval"):
            yield from self._dates(day)
        if may("membership.change_application"):
            yield from self._applications(day)
        if may("membership.view_terminationnotice"):
            yield from self._notices(day)
        if may("membership.change_proceeding"):
            yield from self._proceedings(day)
        if may("membership.change_insurancecertificate"):
            yield from self._insurance(day)

    def _dates(self, day: date) -> Iterator[Need]:
        approvals = disagreeing_approvals().select_related("agency")
        yield from _few(
            [
                Need(
                    None,
                    f"{a.label} of {a.agency}: two dates disagree",
                    f"{a.when}. Choose the date that governs, with the reason (Agreement §5.A.1).",
                    reverse("admin:membership_approval_choose-date", args=[a.pk]),
                    "Choose the date",
                )
                for a in approvals[: MOST + 1]
            ],
            Need(None, "More Approvals whose dates disagree", "", _list("approval", "?dates=disagree"), "See them"),
        )
        undated = undated_executions().count()
        if undated:
            yield Need(
                None,
                f"{undated} signed agreement{'s bear' if undated > 1 else ' bears'} no date",
                "Executed, date unknown: ask the agencies, or look for the day in their minutes (Agreement §5.A.2).",
                _list("execution", "?dates=undated"),
                "See which",
            )

    def _applications(self, day: date) -> Iterator[Need]:
        waiting = Application.objects.filter(decision="").select_related("agency", "recommender").order_by("letter_on")
        for application in waiting[:MOST]:
            missing = joining.packet_complete(application.packet(recommender_good=True)).missing
            why = (
                f"Missing: {'; '.join(missing)} (Bylaws Art. III §4)."
                if missing
                else "The packet is in: the Board decides (Bylaws Art. III §5)."
            )
            yield Need(
                None,
                f"Application of {application.agency}, {in_words(application.letter_on)}",
                why,
                _page(application),
                "Open",
            )

    def _notices(self, day: date) -> Iterator[Need]:
        notices: Any = TerminationNotice.objects.select_related("participation__agency")
        running = list(notices.pending_on(day).filter(effective_on__lte=day + SOON_OUT).order_by("effective_on"))
        for on in sorted({notice.effective_on for notice in running}):
            that_day = [notice for notice in running if notice.effective_on == on]
            if len(that_day) > 2:
                title = f"{len(that_day)} notices take effect"
                names = ", ".join(sorted({str(notice.participation.agency) for notice in that_day})[:MOST])
                yield Need(on, title, f"{names} (Agreement §4.A).", _list("agency", "?pending=notice"), "See who")
                continue
            for notice in that_day:
                things = len(what_ends(notice.participation.agency, on))
                title = f"Notice from {notice.participation.agency} takes effect"
                yield Need(
                    on, title, f"{things} things will end or change (Agreement §4.A).", _page(notice), "See what"
                )

    def _proceedings(self, day: date) -> Iterator[Need]:
        for proceeding in Proceeding.objects.filter(outcome="").select_related("participation__agency")[:MOST]:
            yield Need(
                proceeding.hearing_on,
                f"Proceeding against {proceeding.participation.agency} is open",
                "Notified, heard, then decided by two thirds of the Board (Agreement §4.B–C).",
                _page(proceeding),
                "Open",
            )

    def _insurance(self, day: date) -> Iterator[Need]:
        same_line = {"agency": OuterRef("agency"), "coverage": OuterRef("coverage"), "until_on__gt": day + SOON}
        renewed = Exists(InsuranceCertificate.objects.filter(**same_line))
        expiring = InsuranceCertificate.objects.filter(~renewed, until_on__gt=day, until_on__lte=day + SOON)
        by_day = expiring.order_by("until_on").values("until_on").annotate(many=Count("pk"))
        for row in by_day[:MOST]:
            certificates = (
                "1 certificate of insurance expires"
                if row["many"] == 1
                else f"{row['many']} certificates of insurance expire"
            )
            until = row["until_on"]
            query = f"?until_on__year={until.year}&until_on__month={until.month}&until_on__day={until.day}"
            yield Need(
                until,
                certificates,
                "Ask for the next ones (Agreement §3.H).",
                _list("insurancecertificate", query),
                "See which",
            )

    def coming(self, user: AbstractUser, day: date) -> Iterator[Marker]:
        """The next 1 May and 31 December, the days on which notices take effect and suspensions end."""
        if not user.has_perm("membership.view_participation"):
            return
        terms = AgreementVersion.objects.adoption().terms
        last = leaving.last_day_to_leave_next(day, terms).value
        ends = leaving.withdrawal_effective_on(day, terms)
        if last:
            why = "A notice received by this day ends participation on that one (Agreement §4.A)."
            yield Marker(last, f"Last day to give notice for {in_words(ends)}", why=why)
        if scope.agencies_of(user) is not None:
            return
        if user.has_perm("membership.view_terminationnotice"):
            notices: Any = TerminationNotice.objects.all()
            by_day = (
                notices.pending_on(day)
                .order_by()
                .values("effective_on")
                .annotate(many=Count("participation__agency", distinct=True))
            )
            for row in by_day:
                on = row["effective_on"]
                label = "1 agency leaves" if row["many"] == 1 else f"{row['many']} agencies leave"
                url = _list("agency", f"?pending=notice&on={day.isoformat()}")
                yield Marker(on, label, url, "Termination Notices take effect (Agreement §4.A).")
        if user.has_perm("membership.view_proceeding"):
            for proceeding in Proceeding.objects.filter(suspended_until_on__gt=day).select_related(
                "participation__agency"
            ):
                back, url = f"{proceeding.participation.agency} is back", _page(proceeding)
                yield Marker(proceeding.suspended_until_on, back, url, "Its suspension ends (Bylaws Art. III §9).")

    def links(self, user: AbstractUser, day: date) -> Iterable[QuickLink]:
        """Frequent tasks of those who keep the roll."""
        tasks = [
            (
                "membership.add_terminationnotice",
                "Record a Termination Notice",
                "admin:membership_terminationnotice_add",
            ),
            ("membership.add_approval", "Record an ordinance or resolution", "admin:membership_approval_add"),
            ("membership.add_execution", "Record a signed agreement", "admin:membership_execution_add"),
            ("membership.add_application", "Open an application", "admin:membership_application_add"),
            ("membership.view_participation", "What if an agency gives notice?", "membership:what_if"),
        ]
        if scope.agencies_of(user) is None:
            yield from (
                QuickLink(label, reverse(name)) for permission, label, name in tasks if user.has_perm(permission)
            )
            if user.has_perm("membership.view_agency"):
                yield QuickLink("Print the roster", reverse("membership:letter", args=["roster"]))
        else:
            yield from (QuickLink(agency.name, _page(agency)) for agency in own_agencies_on(user, day))


def _few(needs: list[Need], rest: Need) -> Iterator[Need]:
    """The first few, and one line for the rest."""
    yield from needs[:MOST]
    if len(needs) > MOST:
        yield rest
