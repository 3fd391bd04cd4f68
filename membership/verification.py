"""Does the register still hold what the rules give? Every stored legal date, computed again from recorded facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from membership.models import Agency, AgreementVersion, Approval, Participation, Proceeding, TerminationNotice
from membership.rules import joining, leaving
from membership.rules.facts import Adoption
from membership.rules.standing import begins, endings_by
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.periods import Period

CHUNK = 500


@dataclass(frozen=True)
class Drift:
    """One record that does not hold what it should: which one, what it holds, what it should hold, in words.

    ``remark``: worth knowing and nothing to mend, as where a past meeting went by what was on record then.
    """

    kind: str
    key: int | None
    record: str
    stored: str
    computed: str
    remark: bool = False

    def __str__(self) -> str:
        return f"{self.record}: {self.stored}; {self.computed}."

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "kind": self.kind, "key": self.key, "record": self.record, "stored": self.stored, "computed": self.computed
        }  # fmt: skip


Verified = tuple[str, int, list[Drift]]
Checks = Callable[[], Iterable[Verified]]

_checks: list[Checks] = []


def register(checks: Checks) -> None:
    """Verify what another room stores too: its checks are in the form of ``drift_of_dates``."""
    if checks not in _checks:
        _checks.append(checks)


def drift_of_other_rooms() -> Iterator[Verified]:
    """For each kind of thing that the other rooms verify: its name in the plural, how many, and the drift."""
    for checks in _checks:
        yield from checks()


def drift_of_dates() -> Iterator[Verified]:
    """For each kind of record with a stored legal date: its name in the plural, how many there are, and the drift."""
    adoption = AgreementVersion.objects.adoption()
    of_agency = "participation__agency"
    kinds: tuple[tuple[models.QuerySet[Any], Callable[[Any, Adoption], Iterator[Drift]]], ...] = (
        (Approval.objects.select_related("agency").prefetch_related("dates"), _approval),
        (TerminationNotice.objects.select_related(of_agency), _notice),
        (Proceeding.objects.select_related(of_agency), _proceeding),
        (Participation.objects.select_related("agency").prefetch_related("notices", "proceedings"), _participation),
    )
    for rows, check in kinds:
        found = [drift for row in rows.order_by("pk").iterator(CHUNK) for drift in check(row, adoption)]
        yield str(rows.model._meta.verbose_name_plural), rows.count(), found
    yield "agencies with several stints", *_overlaps(adoption)


def _drift(row: models.Model, stored: str, computed: str) -> Drift:
    return Drift(row._meta.label_lower, row.pk, str(row), stored, computed)


def _day(on: date | None) -> str:
    return "no day" if on is None else in_words(on)


def _approval(row: Approval, adoption: Adoption) -> Iterator[Drift]:
    try:
        stored = row.when
    except ValueError as error:
        yield _drift(row, f"its bounds are crossed ({error})", f"the dates recorded for it give {row.compute_when()}")
        return
    if stored != row.compute_when():
        yield _drift(row, f"the Approval is stored as {stored}", f"the dates recorded for it give {row.compute_when()}")


def _notice(row: TerminationNotice, adoption: Adoption) -> Iterator[Drift]:
    try:
        terms = AgreementVersion.objects.terms_on(row.received_on)
    except ValidationError as error:
        yield _drift(row, f"it is stored as taking effect on {_day(row.effective_on)}", error.messages[0])
        return
    effective_on = leaving.withdrawal_effective_on(row.received_on, terms)
    if row.effective_on != effective_on:
        yield _drift(
            row,
            f"it is stored as taking effect on {_day(row.effective_on)}",
            f"received on {in_words(row.received_on)}, it takes effect on {in_words(effective_on)} (Agreement §4.A)",
        )


def _proceeding(row: Proceeding, adoption: Adoption) -> Iterator[Drift]:
    takes_effect = row.outcome in (leaving.Outcome.TERMINATED.value, leaving.Outcome.SUSPENDED.value)
    stored = f"the Board's decision is stored as taking effect on {_day(row.effective_on)}"
    if not takes_effect or row.decided_on is None:
        if row.effective_on is not None:
            yield _drift(row, stored, "nothing was decided that takes effect")
        return
    try:
        effective_on = leaving.decision_effective_on(row.decided_on, row.named_on)
    except ValueError as error:
        yield _drift(row, stored, "a" + str(error).removeprefix("A").rstrip("."))
        return
    if row.effective_on != effective_on:
        yield _drift(row, stored, f"the vote and the motion give {in_words(effective_on)} (Reading R20)")


def _participation(row: Participation, adoption: Adoption) -> Iterator[Drift]:
    withdrawn_on = leaving.withdrawn_on(notice.notice for notice in row.notices.all())
    decided = [p.effective_on for p in row.proceedings.all() if p.outcome == leaving.Outcome.TERMINATED.value]
    terminated_on = min((on for on in decided if on is not None), default=None)
    for what, stored, computed, source in (
        ("withdrawal", row.withdrawn_on, withdrawn_on, "its Termination Notices give"),
        ("termination", row.terminated_on, terminated_on, "its proceedings give"),
    ):
        if stored != computed:
            yield _drift(row, f"its first day out by {what} is stored as {_day(stored)}", f"{source} {_day(computed)}")


def _overlaps(adoption: Adoption) -> tuple[int, list[Drift]]:
    """How many agencies have several stints, and those of which two surely share a day."""
    several = Agency.objects.annotate(stints=models.Count("participations")).filter(stints__gt=1)
    found = []
    for agency in several.order_by("pk"):
        papers = ("approval", "execution", "amended_approval", "amended_execution")
        stints = agency.participations.select_related(*papers).prefetch_related("proceedings").order_by("number")
        clash = joining.overlapping(list(_periods(stints, adoption)))
        if clash is not None:
            stored = f"two stints share a day, one {clash[0]} and one {clash[1]}"
            found.append(_drift(agency, stored, "stints never overlap (Agreement §5.B)"))
    return several.count(), found


def _periods(stints: Iterable[Participation], adoption: Adoption) -> Iterator[Period]:
    """The days on which each stint surely stood; a stint whose beginning is open has none."""
    for row in stints:
        start = begins(row.stint).latest
        end = min((on for on, _status in endings_by(row.stint, adoption, date.max)), default=None)
        if start is not None and (end is None or start < end):
            yield Period(start, end)
