"""The rules' SQL twins. Each ``Tri`` says when a question is surely true and when surely false, over stored facts only.

Nothing here derives a date: "the last of several by D" is "each by D". tests/membership/test_parity.py holds every
twin equal to its rule in ``membership.rules.standing``.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, LPad, NullIf, Substr

from membership.rules.adoption import NoTerms, terms_on
from membership.rules.facts import ENDINGS, Adoption, Path, Settlement, Status, Terms
from nipas_admin.shared.dated import Dated, day_after, day_before
from nipas_admin.shared.dates import FIRST_DAY
from nipas_admin.shared.records import RecordQuerySet

# Of several stints the one that stands governs, then one not determined, then the latest that ended.
RANK = {Status.ACTIVE: 4, Status.SUSPENDED: 3, Status.NOT_DETERMINED: 2}
ENDED_BY_ACT = ("withdrawn_on", "terminated_on")
NEVER = Q(pk__in=[])
ALWAYS = ~Q(pk__in=[])


class Tri(NamedTuple):
    """A question in SQL, in Kleene's logic: surely true, surely false, and open where neither holds."""

    true: Q
    false: Q

    def __and__(self, other: Tri) -> Tri:
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

    def papers_by(self, day: date) -> Tri:
        """Twin of ``papers_complete_on(stint).by(day)``. An old paper may exist unrecorded: only its day can say no."""
        original, joined = self.approval_by(day) & self.signed_by("head", day), self.joined_by(day)
        old, new = self.q(path=Path.ORIGINAL.value), self.q(path=Path.NEW.value)
        return Tri((old & original.true) | (new & joined.true), (old & original.false) | (new & joined.false))

    def joined_by(self, day: date) -> Tri:
        """The same for a stint on the new path: four events, three where no dues are required.

        Unless it is attested, what is not recorded has surely not happened.
        """
        due, free = self.q(dues_required=True), self.q(dues_required=False)
        paid = self.day_by("dues_paid_on", day)
        done = self.approval_by(day) & self.signed_by("head", day) & self.signed_by("chief", day)
        done &= self.day_by("board_approved_on", day) & Tri(paid.true | free, paid.false & due)
        absent = self.q(approval__isnull=True) | self.q(execution__isnull=True) | self.q(board_approved_on__isnull=True)
        absent |= self.q(execution__head_signed=False) | self.q(execution__chief_signed=False)
        absent |= due & self.q(dues_paid_on__isnull=True)
        return Tri(done.true, done.false | (absent & self.q(attested_on__isnull=True, attested_by="")))

    def attested_by(self, day: date) -> Q:
        """Is the stint attested as participating by this day?"""
        return self.q(attested_on__lte=day)

    def unattested_by(self, day: date) -> Q:
        """The negation of ``attested_by``, spelled for NULL."""
        return self.q(attested_on__isnull=True) | self.q(attested_on__gt=day)

    def begun_by(self, day: date) -> Tri:
        """Twin of ``begun_by``. An attestation answers yes unless the papers surely say no; then the two conflict."""
        return self._begun(self.papers_by(day), day)

    def admitted_by(self, day: date) -> Tri:
        """The same for the stint that an application led to, which is always on the new path."""
        return self._begun(self.joined_by(day), day)

    def _begun(self, papers: Tri, day: date) -> Tri:
        attested = self.attested_by(day) & ~definite(papers.false)
        return Tri(papers.true | attested, self.unattested_by(day) & papers.false)

    def ended_by_act(self, day: date) -> Q:
        """Twin of ``ended_by_act``."""
        return self.q(withdrawn_on__lte=day) | self.q(terminated_on__lte=day)

    def not_ended_by_act(self, day: date) -> Q:
        """The negation of ``ended_by_act``, spelled for NULL."""
        return self._acts_after(day)

    def original_agency(self) -> Tri:
        """Twin of ``original_participating_agency``, for stints already known to be on the original path."""
        cutoff = self.adoption.terms.original_before_on
        eve = day_before(cutoff)
        begun = self._begun(self.approval_by(cutoff) & self.signed_by("head", cutoff), cutoff)
        executed = self.approval_by(eve) & self.signed_by("head", eve) & self.signed_by("chief", eve)
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
        late, in_time = original.true & straggled.true, original.true & straggled.false
        attested = self.attested_past_adoption(day)
        return Tri(
            true | (unsettled & late & attested.false),
            never | (unsettled & (in_time | (attested.true & ~definite(late)))),
        )

    def attested_past_adoption(self, day: date) -> Tri:
        """Twin of ``attested_past_adoption``; one of the two always holds."""
        last = self.adoption.collective.latest
        later = self.q(attested_on__gte=day) | (self.q(attested_on__gt=last) if last else NEVER)
        before = self.q(attested_on__lt=day) & (self.q(attested_on__lte=last) if last else ALWAYS)
        return Tri(later, self.q(attested_on__isnull=True) | before)

    def ranked(self, status: Status) -> Concat:
        """A text that sorts as stints govern: by rank, then by number; the status follows from its fifth place on."""
        number = LPad(Cast(f"{self.prefix}number", CharField()), 3, Value("0"))
        return Concat(Value(str(RANK.get(status, 1))), number, Value(status.value), output_field=CharField())

    def standing(self, day: date, suspended: Q) -> Case:
        """Twin of ``status_of_stint`` as a ``ranked`` text; empty before the stint has begun.

        Each case may rely on those above it not having held, which keeps every condition free of NULL negations.
        """
        papers, lapsed = self.papers_by(day), self.lapsed_by(day)
        latest = self.adoption.collective.latest
        ended = self.q(path=Path.ORIGINAL.value, settlement=Settlement.ENDED.value)
        before_acts = (ended & self._acts_after(F(f"{self.prefix}settled_on"))) | (
            (self.q(settlement=Settlement.OPEN.value) & self._acts_after(day_after(latest))) if latest else NEVER
        )
        withdrawn_first = self.q(terminated_on__isnull=True) | self.q(
            terminated_on__gte=F(f"{self.prefix}withdrawn_on")
        )
        standing = Case(When(suspended, then=self.ranked(Status.SUSPENDED)), default=self.ranked(Status.ACTIVE))
        return Case(
            When(papers.false & self.unattested_by(day), then=Value("")),
            When(lapsed.true & before_acts, then=self.ranked(Status.LAPSED)),
            When(self.q(withdrawn_on__lte=day) & withdrawn_first, then=self.ranked(Status.WITHDRAWN)),
            When(self.q(terminated_on__lte=day), then=self.ranked(Status.TERMINATED)),
            When(papers.false, then=self.ranked(Status.NOT_DETERMINED)),
            When((papers.true | self.attested_by(day)) & lapsed.false, then=standing),
            default=self.ranked(Status.NOT_DETERMINED),
            output_field=CharField(),
        )

    def active(self, day: date) -> Q:
        """Begun, not ended; whether it is suspended is a further question."""
        return self.begun_by(day).true & self.not_ended_by_act(day) & self.lapsed_by(day).false

    def _acts_after(self, day: Any) -> Q:
        acts = (self.q(**{f"{name}__isnull": True}) | self.q(**{f"{name}__gt": day}) for name in ENDED_BY_ACT)
        return reduce(and_, acts)


def definite(condition: Q) -> Q:
    """A condition whose NULL counts as false, so that its negation is its complement."""
    return Q(Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()))


def status_in(standing: Any) -> NullIf:
    """The status within a ``ranked`` text; NULL when it is empty."""
    return NullIf(Substr(standing, 5), Value(""))


class ParticipationQuerySet(RecordQuerySet[Any]):
    """Stints, with their status on a day."""

    def adoption(self) -> Adoption:
        """The terms and the collective date of the amended agreement. One query."""
        approvals = self.model._meta.get_field("approval").related_model
        adoption: Adoption = approvals._meta.get_field("agreement").related_model.objects.adoption()
        return adoption

    def with_status_on(self, day: date, adoption: Adoption | None = None) -> ParticipationQuerySet:
        """Annotates ``status`` (a Status value; NULL before the stint has begun) as in law on the day."""
        twin = StintTwin(adoption or self.adoption())
        standing = twin.standing(day, Q(self._suspended_on(day)))
        rows: ParticipationQuerySet = self.annotate(status=status_in(standing))
        return rows

    def governing_on(self, day: date, adoption: Adoption) -> ParticipationQuerySet:
        """The ``ranked`` texts of these stints, the governing one first, as a single column ``standing``."""
        twin = StintTwin(adoption)
        standing = twin.standing(day, Q(self._suspended_on(day)))
        rows: ParticipationQuerySet = self.annotate(standing=standing).order_by("-standing").values("standing")
        return rows

    def active_on(self, day: date, adoption: Adoption | None = None) -> ParticipationQuerySet:
        """The stints that are active on the day (Bylaws Art. III §11): nothing to rank, so one plain condition."""
        twin = StintTwin(adoption or self.adoption())
        return self.filter(twin.active(day), ~self._suspended_on(day))

    def _suspended_on(self, day: date) -> Exists:
        proceedings = self.model._meta.get_field("proceedings").related_model.objects
        return Exists(suspensions_covering(proceedings.filter(participation=OuterRef("pk")), day))


def suspensions_covering(proceedings: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The suspensions that cover a day; their end is the first day back."""
    return proceedings.filter(
        Q(suspended_until_on__isnull=True) | Q(suspended_until_on__gt=day), outcome="suspended", effective_on__lte=day
    )


class AgencyQuerySet(RecordQuerySet[Any]):
    """Agencies, with their status on a day."""

    def with_status_on(self, day: date, adoption: Adoption | None = None) -> AgencyQuerySet:
        """Annotates ``status``, ``applying`` and ``notice_ends_on`` (of the notice that runs), as in law on the day."""
        stints = self.model._meta.get_field("participations").related_model.objects
        requests = self.model._meta.get_field("applications").related_model.objects
        adoption = adoption or stints.all().adoption()
        governing = stints.filter(agency=OuterRef("pk")).governing_on(day, adoption)[:1]
        pending = Exists(requests.filter(agency=OuterRef("pk")).pending_on(day, adoption))
        outside = Case(
            When(applying=True, then=Value(Status.APPLICANT.value)),
            default=Value(Status.PROSPECT.value),
            output_field=CharField(),
        )
        notices = stints.model._meta.get_field("notices").related_model.objects
        running = notices.filter(participation__agency=OuterRef("pk")).pending_on(day).order_by("effective_on")
        rows: AgencyQuerySet = self.annotate(applying=pending).annotate(
            status=Coalesce(status_in(Subquery(governing)), outside),
            notice_ends_on=Subquery(running.values("effective_on")[:1]),
        )
        return rows

    def active_on(self, day: date, adoption: Adoption | None = None) -> AgencyQuerySet:
        """The agencies that are active on the day (Bylaws Art. III §11): one vote each, and the base of a quorum."""
        stints = self.model._meta.get_field("participations").related_model.objects
        active = stints.filter(agency=OuterRef("pk")).active_on(day, adoption or stints.all().adoption())
        return self.filter(Exists(active))


class OfficialQuerySet(RecordQuerySet[Any]):
    """People who act for agencies."""

    def in_office_on(self, day: date) -> OfficialQuerySet:
        """Those known to act on the day; an unknown first day counts as begun."""
        begun = Q(from_on__isnull=True) | Q(from_on__lte=day)
        return self.filter(begun, Q(until_on__isnull=True) | Q(until_on__gt=day))


class ApplicationQuerySet(RecordQuerySet[Any]):
    """Applications."""

    def pending_on(self, day: date, adoption: Adoption) -> ApplicationQuerySet:
        """Twin of ``applying_on``: letter in, not closed, and the stint it led to has not surely begun."""
        closed = Q(decision__in=["disapproved", "taken_back"], out_of_order=False, decided_on__lte=day)
        begun = StintTwin(adoption, "participation__").admitted_by(day).true
        return self.filter(~definite(closed), ~definite(begun), letter_on__lte=day)


class NoticeQuerySet(RecordQuerySet[Any]):
    """Termination Notices."""

    def pending_on(self, day: date) -> NoticeQuerySet:
        """Twin of ``notice_pending``: received, not yet effective, not rescinded by then, and nothing it outlived."""
        standing = Q(rescinded_on__isnull=True) | Q(rescinded_on__gt=day)
        took_effect = self.model._default_manager.filter(
            participation__agency=OuterRef("participation__agency"),
            rescinded_on__isnull=True,
            effective_on__lte=day,
            effective_on__gt=OuterRef("received_on"),
        )
        return self.filter(standing, ~Exists(took_effect), received_on__lte=day, effective_on__gt=day)


class TeamParticipationQuerySet(RecordQuerySet[Any]):
    """Places in teams."""

    def standing_on(self, day: date) -> TeamParticipationQuerySet:
        """Places elected and not left by the day; whether the agency is active that day is a further question."""
        begun = Q(elected_on__isnull=True) | Q(elected_on__lte=day)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class AgreementVersionQuerySet(RecordQuerySet[Any]):
    """Versions of the agreement."""

    def amended(self) -> Any:
        """The amended version. Raises its DoesNotExist when the register has none."""
        return self.get(edition="amended")

    def adoption(self) -> Adoption:
        """Terms and collective date of the amended version. Raises DoesNotExist when the register has none."""
        return self.amended().adoption  # type: ignore[no-any-return]

    def terms_on(self, day: date) -> Terms:
        """The figures that govern on the day. Raises ValidationError, in words, where no version surely does."""
        original = self.get(edition="original")
        try:
            return terms_on(original.terms, FIRST_DAY, self.adoption(), day)
        except NoTerms as error:
            raise ValidationError(str(error)) from error


ENDED_VALUES = [status.value for status in ENDINGS]
