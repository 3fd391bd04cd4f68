"""The agreement's versions, approvals with the dates their sources give, and executions, as tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field

from membership.models import Agency, AgreementVersion, Approval, ApprovalDate, Execution, Official
from membership.resources.parts import Own, Ranked, plain, shown, which
from nipas_admin.shared.columns import key, text_of
from nipas_admin.shared.resources import Cell, Outcome, Problem, RecordResource
from nipas_admin.shared.tables import Line, Table


class AgreementVersionResource(RecordResource):
    """The figures of each version and what is known of its collective date; its text is loaded, not tabled."""

    natural_keys = [("edition",)]

    class Meta(RecordResource.Meta):
        model = AgreementVersion
        fields = [
            "edition", "title", "ends_month", "ends_day", "original_before_on", "adoption_numerator",
            "adoption_denominator", "adoption_meeting_days", "board_numerator", "board_denominator",
            "collective_state", "collective_on", "collective_not_before_on", "collective_not_after_on",
            "collective_source",
        ]  # fmt: skip
        export_order = fields
        import_order = fields


def of_approval(approval: Any) -> tuple[str, str]:
    """What an approval is called among those of its agency: its number, or which agreement it approves."""
    name = approval.number or approval.agreement.edition
    return name, name


def of_execution(execution: Any) -> tuple[str, str]:
    """What an execution is called among those of its agency: which agreement was signed."""
    return execution.agreement.edition, execution.agreement.edition


def of_official(official: Any) -> tuple[str, str]:
    """What an official is called among those of the agency."""
    since = f", from {official.from_on:%Y-%m-%d}" if official.from_on else ""
    return official.name, f"{official.name}, {official.get_capacity_display()}{since}"


class DateResource(RecordResource):
    """The columns of one source's word on one day: read and written beside the approval they belong to."""

    class Meta(RecordResource.Meta):
        model = ApprovalDate
        fields = ["event", "on", "not_before_on", "not_after_on", "evidence", "source"]
        export_order = fields
        import_order = fields


# In a row of an approval the columns of a date bear these names.
SAID = {
    "event": "event", "on": "event_on", "not_before_on": "event_not_before_on", "not_after_on": "event_not_after_on",
    "evidence": "event_evidence", "source": "event_source",
}  # fmt: skip


class ApprovalResource(Ranked):
    """Approvals: by agency, agreement and number. One row for each date a source gives; an approval with two
    dates has two rows, which repeat its other columns or leave them blank.

    Dates are added and corrected, never removed: a date is told by its event and its source.
    """

    about = (
        "A row is a paper and one date that a source gives for it. A paper with two dates has two rows: the second "
        "repeats agency, agreement and number, and may leave the rest blank. Dates are added or corrected, not removed."
    )
    restates = True
    natural_keys = [("agency", "agreement", "number", "which")]
    within = ("agency", "agreement", "number")
    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")
    agreement = key("agreement", AgreementVersion, "edition")
    which = which()
    rescinds = Own("rescinds", Approval, of_approval)

    class Meta(RecordResource.Meta):
        model = Approval
        fields = [
            "agency", "agency_name", "agreement", "kind", "number", "which", "approves", "rescinds",
            "separate_approval_due", "cites_itself", "evidence", "source", "chosen_on", "chosen_because", "aye", "nay",
            "abstain", "not_voting", "absent", "named_votes", "signed_by", "attested_by", "effect_clause", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = DateResource()

    @property
    def several(self) -> list[str]:
        """Attributes that hold several other records."""
        return [*super().several, "dates"]

    # Out

    def headings(self) -> list[str]:
        """The names of the columns, those of a date last."""
        return [*super().headings(), *SAID.values()]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The cells of each row: one row for each date, and one for an approval without any."""
        fields = self.get_export_fields()
        for approval in self.ranked(queryset).select_related(*self.followed).prefetch_related(*self.several):
            cells = [self.export_field(field, approval, force_native_type=True) for field in fields]
            for date in approval.dates.all() or [None]:
                yield [*cells, *(self._said_of(date) if date else [""] * len(SAID))]

    def _said_of(self, date: ApprovalDate) -> list[Any]:
        return [self.said.fields[name].export(date, force_native_type=True) for name in SAID]

    # In

    def taken(self) -> list[str]:
        """The names of the columns that are read, those of a date last."""
        return [*super().taken(), *SAID.values()]

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """As every table, once the rows of one approval are gathered and their dates read."""
        self.dates: dict[int, list[ApprovalDate]] = defaultdict(list)
        gathered, problems = self._gather(table)
        outcome = super().take(gathered, dry_run=dry_run or bool(problems), user=user, source=source)
        outcome.problems = sorted([*problems, *outcome.problems], key=lambda problem: problem.row or 0)
        return outcome

    def _gather(self, table: Table) -> tuple[Table, list[Problem]]:
        """One row for each approval, in an order in which each stands below what it rescinds."""
        names = [plain(heading) for heading in table.headings]
        of_date = {names.index(column): name for name, column in SAID.items() if column in names}
        of_paper = [place for place in range(len(names)) if place not in of_date]
        firsts: dict[tuple[str, ...], Line] = {}
        problems: list[Problem] = []
        for line in table.lines:
            row = dict(zip(names, map(text_of, line.cells), strict=True))
            paper = tuple(row.get(name, "").casefold() for name in (*self.within, "which"))
            first = firsts.setdefault(paper, line)
            for place in of_paper:
                here, above = text_of(line.cells[place]), text_of(first.cells[place])
                if here and here != above:
                    problems.append(
                        Problem(
                            f"Row {first.number}, of the same paper, says “{above}”.", line.number, names[place], here
                        )
                    )
            cells = {name: line.cells[place] for place, name in of_date.items()}
            if any(map(text_of, cells.values())):
                problems += self._read_date(first.number, line.number, cells)
        gathered = [Line(line.number, [line.cells[place] for place in of_paper]) for line in firsts.values()]
        return _in_order(Table([table.headings[place] for place in of_paper], gathered)), problems

    def _read_date(self, paper: int, number: int, cells: dict[str, Any]) -> Iterator[Problem]:
        date = ApprovalDate()
        faults: dict[str, list[str]] = {}
        for name in cells:
            try:
                self.said.fields[name].save(date, cells)
            except ValueError as error:
                faults[name] = [str(error)]
        for check in (date.clean_fields, date.validate_constraints):
            try:
                check(exclude=["approval", *faults])
            except ValidationError as error:
                faults |= error.message_dict
        if not faults:
            self.dates[paper].append(date)
        for name, messages in faults.items():
            for message in messages:
                yield Problem(message, number, SAID.get(name, ""), text_of(cells.get(name, "")))

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory, and note what changes, dates included."""
        super().import_instance(instance, row, **kwargs)
        stored = list(instance.dates.all()) if instance.pk else []
        before = _in_words(stored)
        self.writing = list(_to_write(stored, self.dates[self.numbers[kwargs["row_number"] - 1]]))
        if self.writing:
            changed = {date.pk for date in self.writing}
            after = [date for date in stored if date.pk not in changed] + self.writing
            self.cells.append(Cell("dates", before, _in_words(after)))

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Write the dates; the approval's bounds follow them."""
        for date in self.writing:
            date.approval, date._change_reason = instance, self.reason
            date._history_user = kwargs.get("user")
            date.save()
        super().after_save_instance(instance, row, **kwargs)


def _to_write(stored: list[ApprovalDate], said: Iterable[ApprovalDate]) -> Iterator[ApprovalDate]:
    """What is new among the dates said, and the stored ones that they correct: those of the same event and source."""
    left = {date.pk: date for date in stored}
    unheard = []
    for date in said:
        same = next((old for old in left.values() if _all_of(old) == _all_of(date)), None)
        if same is None:
            unheard.append(date)
        else:
            del left[same.pk]
    for date in unheard:
        old = next((old for old in left.values() if (old.event, old.source) == (date.event, date.source)), None)
        if old is None:
            yield date
            continue
        del left[old.pk]
        old.on, old.not_before_on, old.not_after_on, old.evidence = (
            date.on, date.not_before_on, date.not_after_on, date.evidence,
        )  # fmt: skip
        yield old


def _all_of(date: ApprovalDate) -> tuple[Any, ...]:
    return tuple(getattr(date, name) for name in SAID)


def _in_words(dates: list[ApprovalDate]) -> str:
    return "; ".join(map(str, dates))


def _in_order(table: Table) -> Table:
    """Papers below those that they rescind, so that each finds it."""
    names = [plain(heading) for heading in table.headings]
    if not {"agency", "number", "rescinds"} <= set(names):
        return table
    agency, number, rescinds = (names.index(name) for name in ("agency", "number", "rescinds"))

    def called(line: Line, place: int) -> tuple[str, str]:
        return text_of(line.cells[agency]), text_of(line.cells[place])

    by_name = {called(line, number): line for line in table.lines}

    def depth(line: Line) -> int:
        steps, seen = 0, {line.number}
        while (target := by_name.get(called(line, rescinds))) and target.number not in seen:
            seen.add(target.number)
            steps, line = steps + 1, target
        return steps

    return Table(table.headings, sorted(table.lines, key=depth))


class ExecutionResource(Ranked):
    """Executions: by agency and agreement; ``which`` tells a second signing of the same agreement from the first."""

    about = "A row is the agreement as one agency signed it. A second signing of the same one has 2 under “which”."
    restates = True
    natural_keys = [("agency", "agreement", "which")]
    within = ("agency", "agreement")
    agency = key("agency", Agency, "ori", "name")
    agency_name = shown("agency__name", "agency_name")
    agreement = key("agreement", AgreementVersion, "edition")
    which: Field = which()
    head = Own("head", Official, of_official)
    chief = Own("chief", Official, of_official)

    class Meta(RecordResource.Meta):
        model = Execution
        fields = [
            "agency", "agency_name", "agreement", "which", "form_dated_on", "head_signed", "head", "head_name",
            "head_signed_on", "chief_signed", "chief", "chief_name", "chief_signed_on", "attested_by", "sealed",
            "evidence", "source", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields
