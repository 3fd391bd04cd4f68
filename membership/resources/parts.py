"""Columns that several tables of membership share: the agency, its own papers and people, its stints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from import_export.fields import Field

from membership.models import Agency, Participation
from membership.services import restate
from nipas_admin.shared.columns import KeyWidget, Lookup, TextWidget, WholeNumberWidget, text_of
from nipas_admin.shared.resources import Outcome, Problem, RecordResource
from nipas_admin.shared.tables import Line, Table

Names = Callable[[Any], tuple[str, str]]


def shown(attribute: str, column: str) -> Field:
    """A column that is written for the reader and not read back."""
    return Field(attribute, column, TextWidget(), readonly=True)


class Ordinal(WholeNumberWidget):
    """1, 2, 3 …; blank is 1."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        """The number. Raises ValueError in words."""
        return super().clean(value) or 1


class Own(Field):
    """A column that names another record of the row's own agency.

    ``names`` gives a short name and a long one: the short serves where it is the only one of its agency; what even
    the long one does not tell apart is numbered in the order recorded: ``amended (2)``.
    """

    resource: AgencyOwned

    def __init__(self, attribute: str, model: type[models.Model], names: Names) -> None:
        super().__init__(attribute, attribute, TextWidget())
        self.model = model
        self.names = names
        self.named: dict[int, dict[str, models.Model]] = {}

    def clean(self, row: dict[str, Any], **kwargs: Any) -> models.Model | None:
        """The record; None when blank. Raises ValueError in words."""
        name = text_of(row[self.column_name])
        agency = self.resource.agency_of(row)
        if not name or agency is None:
            return None
        known = self.of(agency)
        record = next((record for said, record in known.items() if said.casefold() == name.casefold()), None)
        if record is None:
            kind = self.model._meta.verbose_name
            has = f"It has: {'; '.join(known)}" if known else f"It has no {kind}"
            raise ValueError(f"{agency} has no {kind} “{name}”. {has}.")
        return record

    def export(self, instance: models.Model, **kwargs: Any) -> str:
        """The name."""
        record = self.get_value(instance)
        if record is None:
            return ""
        known = self.of(record.agency)
        return next((said for said, other in known.items() if other.pk == record.pk), "")

    def of(self, agency: Agency) -> dict[str, models.Model]:
        """Every such record of an agency, by its name."""
        if agency.pk not in self.named:
            rows = self.resource.rows_of(self.model).filter(agency=agency).order_by("pk")
            self.named[agency.pk] = _told_apart([(row, *self.names(row)) for row in rows])
        return self.named[agency.pk]


def _told_apart(rows: list[tuple[models.Model, str, str]]) -> dict[str, models.Model]:
    often = Counter(short for _row, short, _long in rows)
    known: dict[str, models.Model] = {}
    seen: Counter[str] = Counter()
    for row, short, long in rows:
        name = short if often[short] == 1 else long
        seen[name] += 1
        known[name if seen[name] == 1 else f"{name} ({seen[name]})"] = row
    return known


class OfStint(Field):
    """The columns ``agency`` and ``stint`` of a table whose rows belong to a stint of participation."""

    resource: RecordResource

    def __init__(self) -> None:
        super().__init__("participation", "agency", KeyWidget(Lookup(Agency, ("ori", "name"))))

    def clean(self, row: dict[str, Any], **kwargs: Any) -> Participation | None:
        """The stint; None when the agency is blank. Raises ValueError in words."""
        agency = self.widget.clean(row["agency"])
        if agency is None:
            return None
        number = Ordinal().clean(row.get("stint", ""))
        stint: Participation | None = self.resource.rows_of(Participation).filter(agency=agency, number=number).first()
        if stint is None:
            raise ValueError(
                f"{agency} has no stint {number} of participation in the register. Import its stint first."
            )
        return stint

    def export(self, instance: Any, **kwargs: Any) -> str:
        """The ORI of the agency, or its name."""
        return str(self.widget.render(instance.participation.agency)) if instance.participation_id else ""


class AgencyOwned(RecordResource):
    """A table whose rows belong to agencies; once it is in, each agency's stint points at the papers that serve it."""

    restates = False
    may_lack: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: dict[int, Agency] = {}
        for field in self.fields.values():
            if isinstance(field, Own | OfStint):
                field.resource = self

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and the agency behind a stint."""
        behind = ["participation__agency"] if isinstance(self.fields.get("participation"), OfStint) else []
        own = [field.attribute for field in self.fields.values() if isinstance(field, Own)]
        return [*super().followed, *behind, *own]

    def agency_of(self, row: dict[str, Any]) -> Agency | None:
        """The agency that a row names; None when it cannot be read, which its own column says."""
        try:
            return self.fields["agency"].clean(row)  # type: ignore[no-any-return]
        except ValueError:
            return None

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """As every table; what the register refuses when it draws the consequences is a problem of the whole table.

        Columns that tell rows apart and may be left out are taken as blank.
        """
        table = _with_blank(table, self.may_lack)
        try:
            return super().take(table, dry_run=dry_run, user=user, source=source)
        except ValidationError as refusal:
            self.outcome.problems += [Problem(message) for message in refusal.messages]
            return self.outcome

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Remember whose papers changed."""
        if self.restates:
            self.touched[instance.agency_id] = instance.agency
        for field in self.fields.values():
            if isinstance(field, Own):
                field.named.pop(instance.agency_id, None)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Point the stints at their papers. Raises ValidationError, naming the agency, when that cannot be."""
        for agency in self.touched.values() if self.outcome.good else ():
            try:
                restate(agency)
            except ValidationError as refusal:
                raise ValidationError([f"{agency}: {message}" for message in refusal.messages]) from refusal


class Ranked(AgencyOwned):
    """A table with a column ``which``: the second, third … of records that the other key columns do not tell apart."""

    within: tuple[str, ...] = ()
    may_lack = ("which",)

    def ranked(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows, each with its place among its like in the order recorded."""
        like = {name: OuterRef(name) for name in self.within}
        before = self._meta.model._default_manager.filter(**like, pk__lte=OuterRef("pk")).order_by()
        place = before.values(self.within[0]).annotate(place=Count("pk")).values("place")
        ranked: models.QuerySet[Any] = queryset.annotate(which=Subquery(place))
        return ranked

    def get_queryset(self) -> models.QuerySet[Any]:
        """The stored rows that may be changed, ranked."""
        return self.ranked(super().get_queryset())

    def rows(self, queryset: models.QuerySet[Any]) -> Iterable[list[Any]]:  # type: ignore[override]
        """The cells of each row."""
        return super().rows(self.ranked(queryset))

    def take(self, table: Table, *, dry_run: bool, user: Any = None, source: str = "") -> Outcome:
        """Lower ranks first, so that each finds its place."""
        return super().take(_in_rank(table), dry_run=dry_run, user=user, source=source)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """A new row takes the next place."""
        faults = dict(import_validation_errors or {})
        if instance._state.adding and not faults:
            like = {name: getattr(instance, name) for name in self.within}
            place = self._meta.model._default_manager.filter(**like).count() + 1
            if instance.which != place:
                faults["which"] = ValidationError(
                    f"The register has {place - 1} of these for {instance.agency}: a new one is number {place}."
                )
        super().validate_instance(instance, faults, **kwargs)


def _with_blank(table: Table, columns: Iterable[str]) -> Table:
    there = {plain(heading) for heading in table.headings}
    lacking = [column for column in columns if column not in there]
    blanks = [""] * len(lacking)
    return Table([*table.headings, *lacking], [Line(line.number, [*line.cells, *blanks]) for line in table.lines])


def plain(heading: str) -> str:
    """A heading as the resources name it."""
    return heading.strip().casefold().replace(" ", "_")


def _in_rank(table: Table) -> Table:
    headings = [plain(heading) for heading in table.headings]
    if "which" not in headings:
        return table
    place = headings.index("which")

    def rank(line: Line) -> int:
        said = text_of(line.cells[place])
        return int(said) if said.isdecimal() else 1

    return Table(table.headings, sorted(table.lines, key=rank))


def which() -> Field:
    """The column ``which``."""
    return Field("which", "which", Ordinal())
