"""The rules' SQL twins. Each ``Tri`` says when a question is surely true and when surely false, over stored facts only.

Nothing here derives a date: "the last of several by D" is "each by D". tests/membership/test_parity.py holds every
twin equal to its rule in ``membership.rules.standing``.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from membership.rules.facts import ENDINGS, Adoption, Path, Settlement, Status
from nipas_admin.shared.dated import Dated, day_after, day_before
from nipas_admin.shared.records import RecordQuerySet

NEVER = Q(pk__in=[])
ALWAYS = ~Q(pk__in=[])


class Tri(NamedTuple):
    """A question in SQL, in Kleene's logic: surely true, surely false, and open where neither holds."""

    true: Q
    false: Q

    def __and__(self, other: Tri) -> Tri:  # type: ignore[override]
        return Tri(self.true & other.true, self.false | other.false)


def known(answer: bool | None) -> Tri:
    """A question that does not depend on the row."""
    return Tri(ALWAYS if answer is True else NEVER, ALWAYS if answer is False else NEVER)


class StintTwin:
    """The rules about one stint as conditions on Participation columns, reached through ``prefix``."""

    def __init__(self, adoption: Adoption, prefix: str = "") -> None:
        self.adoption = adoption
        self.prefix = prefix

    def q(self, **conditions: Any) -> Q:
        """The conditions on this stint's columns."""
        return Q(**{self.prefix + name: value for name, value in conditions.items()})

    def _unrecorded(self, absent: Q, act: Tri) -> Tri:
        """Not recorded is surely not done only where papers cannot exist unrecorded."""
        kept_here = self.q(path=Path.NEW.value, attested_on__isnull=True)
        return Tri(act.true, act.false | (absent & kept_here))

    def approval_by(self, day: date, name: str = "approval") -> Tri:
        """Had the linked Approval been passed and approved?"""
        return Tri(self.q(**{f"{name}__latest_on__lte": day}), self.q(**{f"{name}__earliest_on__gt": day}))

    def signed_by(self, who: str, day: date, name: str = "execution") -> Tri:
        """Had the head or the chief signed the linked Execution?"""
        signed_on = f"{name}__{who}_signed_on"
        return Tri(self.q(**{f"{signed_on}__lte": day}), self.q(**{f"{signed_on}__gt": day}))

    def day_by(self, name: str, day: date) -> Tri:
        """Had an act with one exact day happened?"""
        return Tri(self.q(**{f"{name}__lte": day}), self.q(**{f"{name}__gt": day}))

    def paper_by(self, day: date) -> Tri:
        """The Approval on which the stint began."""
        return self._unrecorded(self.q(approval__isnull=True), self.approval_by(day))

    def signature_by(self, who: str, day: date) -> Tri:
        """A signature with which the stint began."""
        absent = self.q(execution__isnull=True) | self.q(**{f"execution__{who}_signed": False})
        return self._unrecorded(absent, self.signed_by(who, day))

    def papers_by(self, day: date) -> Tri:
        """Twin of ``papers_complete_on(stint).by(day)``."""
        original = self.paper_by(day) & self.signature_by("head", day)
        joined = original & self.signature_by("chief", day)
        joined &= self._unrecorded(self.q(board_approved_on__isnull=True), self.day_by("board_approved_on", day))
        paid = self._unrecorded(self.q(dues_paid_on__isnull=True), self.day_by("dues_paid_on", day))
        free = self.q(dues_required=False)
        joined &= Tri(paid.true | free, paid.false & self.q(dues_required=True))
        old, new = self.q(path=Path.ORIGINAL.value), self.q(path=Path.NEW.value)
        return Tri((old & original.true) | (new & joined.true), (old & original.false) | (new & joined.false))

    def begun_by(self, day: date) -> Tri:
        """Twin of ``begun_by``. An attestation answers yes unless the papers surely say no; then the two conflict."""
        papers = self.papers_by(day)
        attested = self.q(attested_on__lte=day)
        unattested = self.q(attested_on__isnull=True) | self.q(attested_on__gt=day)
        # Surely false needs no attestation; surely true by attestation needs papers that are not surely false.
        return Tri(papers.true | (attested & ~_definite(papers.false)), unattested & papers.false)

    def ended_by_act(self, day: date) -> Q:
        """Twin of ``ended_by_act``."""
        return self.q(withdrawn_on__lte=day) | self.q(terminated_on__lte=day)

    def not_ended_by_act(self, day: date) -> Q:
        """The negation of ``ended_by_act``, spelled for NULL."""
        return reduce(
            and_,
            (
                self.q(**{f"{name}__isnull": True}) | self.q(**{f"{name}__gt": day})
                for name in ("withdrawn_on", "terminated_on")
            ),
        )

    def original_agency(self) -> Tri:
        """Twin of ``original_participating_agency``, for original-path stints."""
        cutoff = self.adoption.terms.original_before_on
        eve = day_before(cutoff)
        begun = self.begun_by(cutoff)
        executed = self.paper_by(eve) & self.signature_by("head", eve) & self.signature_by("chief", eve)
        there = begun.true & self.not_ended_by_act(cutoff)
        return Tri(there & (self.q(attested_on__lte=eve) | executed.true), begun.false | self.ended_by_act(cutoff))

    def incomplete_before(self, collective: Dated) -> Tri:
        """Was the amended agreement not approved and executed on the day before the collective date?"""
        papers = (
            "amended_approval__latest_on",
            "amended_execution__head_signed_on",
            "amended_execution__chief_signed_on",
        )
        firsts = ("amended_approval__earliest_on", *papers[1:])
        absent = self.q(amended_approval__isnull=True) | self.q(amended_execution__isnull=True)
        absent |= self.q(amended_execution__head_signed=False) | self.q(amended_execution__chief_signed=False)
        late, done = absent, NEVER
        if collective.latest:
            late |= reduce(or_, (self.q(**{f"{name}__gte": collective.latest}) for name in firsts))
        if collective.earliest:
            done = reduce(and_, (self.q(**{f"{name}__lt": collective.earliest}) for name in papers))
            signed = self.q(amended_execution__head_signed=True, amended_execution__chief_signed=True)
            done &= signed
        return Tri(late, done)

    def straggled_by(self, day: date) -> Tri:
        """Twin of ``straggled_by``."""
        collective = self.adoption.collective
        if not collective.happened or (collective.earliest is not None and collective.earliest >= day):
            return known(False)
        incomplete = self.incomplete_before(collective)
        passed = collective.latest is not None and collective.latest < day
        return Tri(incomplete.true if passed else NEVER, incomplete.false)

    def lapsed_by(self, day: date) -> Tri:
        """Twin of ``lapsed_by``."""
        unsettled = self.q(path=Path.ORIGINAL.value, settlement=Settlement.OPEN.value)
        settled_out = self.q(path=Path.ORIGINAL.value, settlement=Settlement.ENDED.value)
        never = (
            self.q(path=Path.NEW.value)
            | self.q(settlement=Settlement.REMAINS.value)
            | (settled_out & self.q(settled_on__gt=day))
        )
        true = settled_out & self.q(settled_on__lte=day)
        superseded = self.adoption.collective.by(day)
        if superseded is False:
            return Tri(true, never | unsettled)
        original, straggled = self.original_agency(), self.straggled_by(day)
        return Tri(
            true | (unsettled & original.true & straggled.true), never | (unsettled & original.true & straggled.false)
        )

    def status(self, day: date, suspended: Q) -> Case:
        """Twin of ``status_of_stint``: NULL before the stint has begun."""
        begun, lapsed = self.begun_by(day), self.lapsed_by(day)
        last = self.adoption.collective.latest
        fallen = day_after(last) if last else date.max
        by_settlement = self.q(path=Path.ORIGINAL.value, settlement=Settlement.ENDED.value)
        withdrawn, terminated = F(f"{self.prefix}withdrawn_on"), F(f"{self.prefix}terminated_on")
        out, put_out = self.q(withdrawn_on__lte=day), self.q(terminated_on__lte=day)
        # The first ending governs; on one day withdrawn, then terminated, then lapsed.
        before_termination = self.q(terminated_on__isnull=True) | self.q(terminated_on__gte=withdrawn)
        out_before_lapse = self._before_lapse(lapsed, by_settlement, "withdrawn_on", withdrawn, fallen)
        put_out_before_lapse = self._before_lapse(lapsed, by_settlement, "terminated_on", terminated, fallen)
        return Case(
            When(begun.false, then=Value(None)),
            When(out & before_termination & out_before_lapse, then=Value(Status.WITHDRAWN.value)),
            When(put_out & put_out_before_lapse, then=Value(Status.TERMINATED.value)),
            When(lapsed.true, then=Value(Status.LAPSED.value)),
            When(begun.true & lapsed.false & suspended, then=Value(Status.SUSPENDED.value)),
            When(begun.true & lapsed.false, then=Value(Status.ACTIVE.value)),
            default=Value(Status.NOT_DETERMINED.value),
            output_field=CharField(),
        )

    def _before_lapse(self, lapsed: Tri, by_settlement: Q, name: str, column: F, fallen: date) -> Q:
        settled_first = by_settlement & self.q(settled_on__lt=column)
        fell_first = self.q(settlement=Settlement.OPEN.value, **{f"{name}__gt": fallen}) & lapsed.true
        return ~_definite(settled_first | fell_first)


def _definite(condition: Q) -> Q:
    """A condition whose NULL counts as false, so that its negation is its complement."""
    return Q(Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()))


class ParticipationQuerySet(RecordQuerySet):
    """Stints, with their status on a day."""

    def adoption(self) -> Adoption:
        """The terms and the collective date of the amended agreement. One query."""
        return (
            self.model._meta.get_field("approval")
            .related_model._meta.get_field("agreement")
            .related_model.objects.adoption()
        )

    def with_status_on(self, day: date, adoption: Adoption | None = None) -> ParticipationQuerySet:
        """Annotates ``status`` (a Status value; NULL before the stint has begun) as in law on the day."""
        twin = StintTwin(adoption or self.adoption())
        proceedings = self.model._meta.get_field("proceedings").related_model
        suspended = Q(Exists(suspensions_covering(proceedings.objects.filter(participation=OuterRef("pk")), day)))
        return self.annotate(status=twin.status(day, suspended))

    def active_on(self, day: date, adoption: Adoption | None = None) -> ParticipationQuerySet:
        """The stints that are active on the day (Bylaws Art. III §11)."""
        return self.with_status_on(day, adoption).filter(status=Status.ACTIVE.value)


def suspensions_covering(proceedings: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The suspensions that cover a day; their end is the first day back."""
    return proceedings.filter(
        Q(suspended_until_on__isnull=True) | Q(suspended_until_on__gt=day), outcome="suspended", effective_on__lte=day
    )


RANK = Case(
    When(status=Status.ACTIVE.value, then=Value(4)),
    When(status=Status.SUSPENDED.value, then=Value(3)),
    When(status=Status.NOT_DETERMINED.value, then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)


class AgencyQuerySet(RecordQuerySet):
    """Agencies, with their status on a day."""

    def with_status_on(self, day: date, adoption: Adoption | None = None) -> AgencyQuerySet:
        """Annotates ``status``, ``applying`` and ``notice_ends_on`` (first day out of the notice that runs) as in law on the day."""
        stints = self.model._meta.get_field("participations").related_model.objects
        requests = self.model._meta.get_field("applications").related_model.objects
        adoption = adoption or stints.all().adoption()
        governing = (
            stints.filter(agency=OuterRef("pk"))
            .with_status_on(day, adoption)
            .filter(status__isnull=False)
            .order_by(RANK.desc(), "-number")
        )
        pending = Exists(requests.filter(agency=OuterRef("pk")).pending_on(day, adoption))
        notices = stints.model._meta.get_field("notices").related_model.objects
        running = notices.filter(participation__agency=OuterRef("pk")).pending_on(day).order_by("effective_on")
        return self.annotate(
            applying=pending,
            status=Coalesce(
                Subquery(governing.values("status")[:1]),
                Case(
                    When(pending, then=Value(Status.APPLICANT.value)),
                    default=Value(Status.PROSPECT.value),
                    output_field=CharField(),
                ),
            ),
            notice_ends_on=Subquery(running.values("effective_on")[:1]),
        )

    def active_on(self, day: date, adoption: Adoption | None = None) -> AgencyQuerySet:
        """The agencies that are active on the day (Bylaws Art. III §11): one vote each, and the base of a quorum."""
        return self.with_status_on(day, adoption).filter(status=Status.ACTIVE.value)

    def for_agencies(self, keys: set[int]) -> AgencyQuerySet:
        """Only these agencies."""
        return self.filter(pk__in=keys)


class OfficialQuerySet(RecordQuerySet):
    """People who act for agencies."""

    def in_office_on(self, day: date) -> OfficialQuerySet:
        """Those known to act on the day; an unknown first day counts as begun."""
        begun = Q(from_on__isnull=True) | Q(from_on__lte=day)
        return self.filter(begun, Q(until_on__isnull=True) | Q(until_on__gt=day))


class ApplicationQuerySet(RecordQuerySet):
    """Applications."""

    def pending_on(self, day: date, adoption: Adoption) -> ApplicationQuerySet:
        """Twin of ``applying_on``: letter in, not closed, and the stint it led to has not surely begun."""
        closed = Q(decision__in=["disapproved", "taken_back"], out_of_order=False, decided_on__lte=day)
        begun = StintTwin(adoption, "participation__").begun_by(day).true & Q(participation__isnull=False)
        return self.filter(~_definite(closed), ~_definite(begun), letter_on__lte=day)


class NoticeQuerySet(RecordQuerySet):
    """Termination Notices."""

    def pending_on(self, day: date) -> NoticeQuerySet:
        """Twin of ``notice_pending``: received, not yet effective, not rescinded by then."""
        standing = Q(rescinded_on__isnull=True) | Q(rescinded_on__gt=day)
        return self.filter(standing, received_on__lte=day, effective_on__gt=day)


class TeamParticipationQuerySet(RecordQuerySet):
    """Places in teams."""

    def standing_on(self, day: date) -> TeamParticipationQuerySet:
        """Places elected and not left by the day; whether the agency is active that day is a further question."""
        begun = Q(elected_on__isnull=True) | Q(elected_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class AgreementVersionQuerySet(RecordQuerySet):
    """Versions of the agreement."""

    def amended(self) -> Any:
        """The amended version. Raises its DoesNotExist when the register has none."""
        return self.get(edition="amended")

    def adoption(self) -> Adoption:
        """Terms and collective date of the amended version. Raises DoesNotExist when the register has none."""
        return self.amended().adoption  # type: ignore[no-any-return]


ENDED_VALUES = [status.value for status in ENDINGS]
