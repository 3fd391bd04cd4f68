"""Who owes, as its page and its table show it: by region, by how long, with the letters sent to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from finance import services
from finance.rules.receivables import Bucket
from finance.services import Debtor
from finance.services.standing import PaidInYear, paid_in_year
from nipas_admin.shared import money, svg
from nipas_admin.shared.day import DAY_VAR, Day
from nipas_admin.shared.pages import address

NO_REGION = "County not recorded"
COLUMN, REGION = "column", "region"
# The picture: a line for each column of the aging.
WIDTH, LINE, NAME, ROOM = 720, 30, 160, 400

Cell = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    """A way to narrow the page: what it says, where it leads, whether it is chosen."""

    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Owes:
    """A debtor with its cells, each under the name of its column."""

    debtor: Debtor
    cells: Sequence[Cell]
    url: str
    statement_url: str

    @property
    def also_in(self) -> str:
        """Its further counties, in words; empty for none."""
        others = _counties(self.debtor)[1:]
        return f"also in {', '.join(others)}" if others else ""


@dataclass(frozen=True)
class Region:
    """The debtors of a region and their sums."""

    name: str
    debtors: Sequence[Owes]
    sums: Sequence[Cell]
    owed: str
    letters: int


def _counties(debtor: Debtor) -> list[str]:
    return [county.name for county in debtor.agency.counties.all()]


def region_of(debtor: Debtor) -> str:
    """The county under which it is listed: the first by name of those it lies in."""
    return next(iter(_counties(debtor)), NO_REGION)


def _sum(debtors: Iterable[Debtor], bucket: Bucket) -> Decimal:
    return money.total(one.aging[bucket] for one in debtors)


class ReceivablesPage:
    """Everything that the page shows on a day, narrowed by what the address asks for."""

    def __init__(self, day: Day, asked: QueryDict, statement: Any = None) -> None:
        self.day = day
        self.statement = statement
        self.everybody = services.debtors_on(day.chosen)
        self.column = next((one for one in Bucket if one.value == asked.get(COLUMN)), None)
        regions = {name for one in self.everybody for name in _counties(one) or [NO_REGION]}
        self.regions = sorted(regions)
        self.region = asked.get(REGION, "") if asked.get(REGION, "") in regions else ""
        self.debtors = [one for one in self.everybody if self._asked_for(one)]

    def _asked_for(self, one: Debtor) -> bool:
        in_region = not self.region or self.region in (_counties(one) or [NO_REGION])
        return in_region and (self.column is None or bool(one.aging[self.column]))

    # What the page shows

    def context(self) -> dict[str, Any]:
        """For ``finance/owes.html``."""
        return {
            "figures": self.figures(),
            "columns": list(Bucket),
            "regions": list(self.by_region()),
            "sums": self._sums(self.debtors),
            "owed": money.shown(money.total(one.owed for one in self.debtors)),
            "letters": sum(one.letters for one in self.debtors),
            "by_column": list(self.column_choices()),
            "by_region": list(self.region_choices()),
            "narrowed": bool(self.column or self.region),
            "anybody": bool(self.everybody),
            "chart": self.chart() if self.debtors else "",
            "csv_url": self._address(**{"as": "csv"}),
        }

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, figure and note of each sum of everybody, whatever the page is narrowed to."""
        owed = money.total(one.owed for one in self.everybody)
        late = [one for one in self.everybody if one.past_due]
        past_due = money.total(one.past_due for one in late)
        reminded = [one for one in self.everybody if one.letters]
        found = [
            ("Owed in all", money.shown(owed), _agencies(len(self.everybody))),
            ("Past due", money.shown(past_due), _agencies(len(late))),
            ("Letters sent", str(sum(one.letters for one in reminded)), f"to {_agencies(len(reminded))} of these"),
        ]
        paid = paid_in_year(self.day.chosen)
        return [_paid(paid), *found] if paid else found

    def by_region(self) -> Iterator[Region]:
        """The debtors by region, each listed once."""
        groups: dict[str, list[Debtor]] = {}
        for one in self.debtors:
            groups.setdefault(self.region or region_of(one), []).append(one)
        for name in sorted(groups, key=lambda name: (name == NO_REGION, name)):
            rows = groups[name]
            owed = money.shown(money.total(one.owed for one in rows))
            yield Region(
                name, [self._row(one) for one in rows], self._sums(rows), owed, sum(one.letters for one in rows)
            )

    def _row(self, one: Debtor) -> Owes:
        cells = [(bucket.label, money.shown(one.aging[bucket]) if one.aging[bucket] else "") for bucket in Bucket]
        statement = self.statement.address(one.agency) + self.day.query if self.statement else ""
        return Owes(one, cells, _page(one.agency), statement)

    def _sums(self, rows: Sequence[Debtor]) -> list[Cell]:
        return [(bucket.label, money.shown(_sum(rows, bucket))) for bucket in Bucket]

    def _address(self, **asked: str) -> str:
        """This page with what is chosen, and these changes to it."""
        chosen = {
            DAY_VAR: "" if self.day.is_today else self.day.chosen.isoformat(),
            COLUMN: self.column.value if self.column else "",
            REGION: self.region,
        }
        return "?" + urlencode({name: value for name, value in {**chosen, **asked}.items() if value})

    def column_choices(self) -> Iterator[Choice]:
        """All, and each column of the aging."""
        yield Choice("All", self._address(column=""), self.column is None)
        for bucket in Bucket:
            yield Choice(bucket.label, self._address(column=bucket.value), self.column is bucket)

    def region_choices(self) -> Iterator[Choice]:
        """All, and each county in which somebody owes."""
        yield Choice("All", self._address(region=""), not self.region)
        for name in self.regions:
            yield Choice(name, self._address(region=name), self.region == name)

    def chart(self) -> SafeString:
        """What is owed in each column, as bars."""
        sums = {bucket: _sum(self.debtors, bucket) for bucket in Bucket}
        said = "; ".join(f"{bucket.label}: {money.shown(amount)}" for bucket, amount in sums.items())
        return bars("aging", f"Owed on {self.day.words}, by how long it is past due", said, sums)

    # The same as a table

    def headings(self) -> list[str]:
        """The names of the columns of the table."""
        late = [bucket.label.lower().replace("–", " to ").replace(" ", "_") for bucket in Bucket]
        return ["region", "agency", *late, "total", "letters_sent", "last_letter_on", "oldest_due_on", "credit"]

    def rows(self) -> Iterator[list[Any]]:
        """Exactly the debtors that the page shows, in its order."""
        for region in self.by_region():
            for row in region.debtors:
                one = row.debtor
                amounts = [str(one.aging[bucket]) for bucket in Bucket]
                last: date | str = one.last_letter_on or ""
                yield [
                    region.name, one.agency.name, *amounts, str(one.owed), one.letters, last, one.oldest_due_on,
                    str(one.credit),
                ]  # fmt: skip


def _page(record: Model) -> str:
    return address(record)


def _agencies(count: int) -> str:
    return "1 agency" if count == 1 else f"{count} agencies"


def _paid(paid: PaidInYear) -> tuple[str, str, str]:
    return f"Paid for {paid.year}", money.shown(paid.amount), f"by {_agencies(paid.agencies)}"


def bars(name: str, title: str, description: str, sums: Mapping[Bucket, Decimal]) -> SafeString:
    """A bar for each column, as long as its share of the largest, with its amount."""
    most = max(money.to_cents(amount) for amount in sums.values()) or 1
    body = []
    for place, (bucket, amount) in enumerate(sums.items()):
        top, width = place * LINE + 6, money.to_cents(amount) * ROOM // most
        look = "bar current" if bucket is Bucket.CURRENT else "bar late"
        body.append(format_html('<text class="tick end" x="{}" y="{}">{}</text>', NAME - 10, top + 15, bucket.label))
        body.append(
            format_html('<rect class="{}" x="{}" y="{}" width="{}" height="18" rx="2"/>', look, NAME, top, width)
        )
        said = money.shown(amount)
        body.append(format_html('<text class="label" x="{}" y="{}">{}</text>', NAME + width + 8, top + 14, said))
    return svg.picture(name, "bars", (WIDTH, len(sums) * LINE + 6), title, description, body)
