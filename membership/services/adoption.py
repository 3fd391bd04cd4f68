"""How far the adoption has come: two counts by day, the earliest lawful meeting, who is missing what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from membership.models import AgreementVersion, Approval, Participation
from membership.rules import adoption as rules
from membership.rules.adoption import Count, Member
from membership.rules.facts import Path, Terms
from membership.rules.standing import begun_by, endings_by, original_participating_agency
from nipas_admin.shared.dated import Dated, in_words
from nipas_admin.shared.findings import Finding


@dataclass(frozen=True)
class Wanting:
    """An agency of the base and what it still has to do: ``Approval``, ``Execution``, or the date of one."""

    agency: str
    agency_id: int
    original: bool | None
    approved: Dated
    executed: Dated

    @property
    def missing(self) -> tuple[str, ...]:
        """What is wanting, in words."""
        acts = (("Approval", self.approved), ("Execution", self.executed))
        return tuple(name if not when.happened else f"date of {name}" for name, when in acts if when.day is None)


@dataclass(frozen=True)
class Progress:
    """The adoption as known on a day; both counts under each reading of the base (R1)."""

    day: date
    approvals: Count
    executions: Count
    participating: Count
    approvals_reached: Dated
    executions_reached: Dated
    meeting: Finding[date]
    collective: Dated
    approval_steps: tuple[tuple[date, int], ...]
    execution_steps: tuple[tuple[date, int], ...]
    needed_steps: tuple[tuple[date, int], ...]
    wanting: tuple[Wanting, ...]


def members(version: AgreementVersion) -> list[tuple[int, Member]]:
    """Every agency that is, or may be, an Original Participating Agency. A few queries, whatever their number."""
    adoption = version.adoption
    papers = ("approval", "execution", "amended_approval", "amended_execution")
    people = [f"{paper}__{who}" for paper in ("execution", "amended_execution") for who in ("head", "chief")]
    rows = (
        Participation.objects.filter(path=Path.ORIGINAL.value)
        .select_related("agency", *papers, *people)
        .prefetch_related("proceedings", "agency__approvals")
    )
    found = []
    for row in rows.order_by("agency__name"):
        stint = row.stint
        original = original_participating_agency(stint, adoption.terms)
        if original is False:
            continue
        ends = min((on for on, _status in endings_by(stint, adoption, date.max)), default=None)
        approved, rescinded_on = stint.amended_approval, None
        if not approved.happened:
            approved, rescinded_on = _approved_for_a_time(
                p for p in row.agency.approvals.all() if p.agreement_id == version.pk
            )
        member = Member(row.agency.name, original, ends, approved, stint.amended_execution, rescinded_on)
        found.append((row.agency_id, member))
    return found


def _approved_for_a_time(papers: Iterable[Approval]) -> tuple[Dated, date | None]:
    """An approval later rescinded for good counts until then (Reading R2): its day, and the rescission's."""
    amended = list(papers)
    rescissions = {paper.rescinds_id: paper.when.latest for paper in amended if not paper.approves}
    for paper in amended:
        if paper.approves and rescissions.get(paper.pk):
            return paper.when, rescissions[paper.pk]
    return Dated.never(), None


def original_agencies() -> dict[int, bool | None]:
    """The agencies that are (True) or may be (None) Original Participating Agencies, by primary key. A few queries."""
    return {key: member.original for key, member in members(AgreementVersion.objects.amended())}


def adoption_progress(day: date) -> Progress:
    """The adoption of the amended agreement as the register knows it, counted on the day."""
    version = AgreementVersion.objects.amended()
    terms = version.terms
    keyed = members(version)
    base = [member for _key, member in keyed]
    approvals = rules.approvals_reached_on(base, terms)
    executions = rules.executions_reached_on(base, terms)
    return Progress(
        day=day,
        approvals=rules.count_on(base, Member.approved_by, terms.adoption_share, day),
        executions=rules.count_on(base, Member.executed_by, terms.adoption_share, day),
        participating=_of_all_participating(terms, day, version),
        approvals_reached=approvals,
        executions_reached=executions,
        meeting=rules.earliest_meeting_on(approvals, executions, terms),
        collective=version.collective,
        approval_steps=_steps(base, Member.approved_by, terms),
        execution_steps=_steps(base, Member.executed_by, terms),
        needed_steps=_changes(
            [
                (on, rules.count_on(base, Member.approved_by, terms.adoption_share, on).needed)
                for on in rules.days_of(base)
            ]
        ),
        wanting=tuple(
            Wanting(m.name, key, m.original, m.approved, m.executed)
            for key, m in keyed
            if m.in_base(day) and (m.approved.day is None or m.executed.day is None)
        ),
    )


def _of_all_participating(terms: Terms, day: date, version: AgreementVersion) -> Count:
    """The other reading of the base (R1): approvals of all agencies participating on the day."""
    rows = Participation.objects.select_related(
        "approval", "execution", "amended_approval", "amended_execution", "agency"
    ).prefetch_related("proceedings")
    everyone = []
    for row in rows:
        stint = row.stint
        if begun_by(stint, day) is False or endings_by(stint, version.adoption, day):
            continue
        approved = stint.amended_approval if stint.path is Path.ORIGINAL else stint.approval
        everyone.append(Member(row.agency.name, True, None, approved, Dated.never()))
    return rules.count_on(everyone, Member.approved_by, terms.adoption_share, day)


def _steps(base: list[Member], question: rules.Question, terms: Terms) -> tuple[tuple[date, int], ...]:
    """The count of each day on which it changes; it falls when an agency leaves the base."""
    return _changes([(on, rules.count_on(base, question, terms.adoption_share, on).sure) for on in rules.days_of(base)])


def _changes(counts: list[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    before = [0, *(count for _on, count in counts)]
    return tuple((on, count) for (on, count), earlier in zip(counts, before, strict=False) if count != earlier)


@transaction.atomic
def record_collective_date(*, on: date, source: str) -> AgreementVersion:
    """Record the collective date: the day the amended bylaws were adopted, the last of the three (Agreement §5.A.5).

    Raises ValidationError when another day is on record already.
    """
    version: AgreementVersion = AgreementVersion.objects.select_for_update().get(edition="amended")
    known = version.collective
    if known.day is not None and known.day != on:
        raise ValidationError(f"The collective date is already recorded as {in_words(known.day)} (Agreement §5.A).")
    version.collective_state, version.collective_on = AgreementVersion.Collective.KNOWN, on
    version.collective_source = version.collective_source or source
    version.full_clean()
    version.save()
    return version
