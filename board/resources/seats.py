"""Seats as they stand on a day, and terms of office, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import models
from import_export.fields import Field

from board.models import OfficeTerm, Seat
from board.resources.parts import SeatWidget, motion, shown
from board.services import board_on
from membership.models import Agency, Official
from membership.resources.instruments import of_official
from membership.resources.parts import AgencyOwned, Own
from nipas_admin.shared.columns import KeyWidget, Lookup
from nipas_admin.shared.resources import RecordResource


class SeatResource(RecordResource):
    """The seats as they stand on a day, to read. ``day`` is set by the list."""

    day: date

    class Meta(RecordResource.Meta):
        model = Seat
        fields = ["office", "number"]

    def headings(self) -> list[str]:
        """The names of the columns."""
        return ["seat", "on", "state", "holder", "agency", "since", "term_runs_to"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """A row for each seat, whatever the history in the same few queries."""
        listed = set(queryset.values_list("pk", flat=True))
        for one in board_on(self.day).seats:
            if one.seat.pk in listed:
                holder, term = one.holder, one.term if one.holder else None
                of = holder.agency.name if holder else ""
                days = [term.from_on if term else None, term.until_on if term else None]
                yield [str(one.seat), self.day, one.seating.label, holder.name if holder else "", of, *days]


class HolderAgency(Field):
    """The agency of the holder, by which the holder is found; nothing is written to the row itself."""

    def __init__(self) -> None:
        super().__init__("holder__agency", "agency", KeyWidget(Lookup(Agency, ("ori", "name"))))

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Nothing, but an agency that there is not is refused."""
        self.clean(row)


class Holder(Own):
    """A chief executive officer or designee of the agency named."""

    def clean(self, row: dict[str, Any], **kwargs: Any) -> models.Model | None:
        """The official; None when blank. Raises ValueError in words."""
        try:
            return super().clean(row, **kwargs)
        except ValueError as refusal:
            raise ValueError(f"{refusal} Import the official first, as chief executive officer or designee.") from None

    def of(self, agency: Agency) -> dict[str, models.Model]:
        """Every such official of an agency, by name; only those who may sit on the Board."""
        known = super().of(agency)
        return {name: row for name, row in known.items() if getattr(row, "capacity", "") in ("chief", "designee")}


class OfficeTermResource(AgencyOwned):
    """Terms of office: by seat and first day. Motions and elections that filled a seat are shown only."""

    about = (
        "A row is one person's term in one seat. The seat goes by its name: President, Vice-President, Secretary, "
        "Treasurer, Immediate past President, At-large member 1 to 6. The holder is found among the officials of the "
        "agency, so import the officials first. A term that is over has its first day out and the reason."
    )
    natural_keys = [("seat", "from_on")]
    seat = Field("seat", "seat", SeatWidget())
    agency = HolderAgency()
    agency_name = shown("holder__agency__name", "agency_name")
    holder = Holder("holder", Official, of_official)
    motion = motion("motion")
    election = shown("election", "election")

    class Meta(RecordResource.Meta):
        model = OfficeTerm
        fields = [
            "seat", "agency", "agency_name", "holder", "how", "appointed_by", "from_on", "until_on", "ended_on",
            "ended_why", "remainder", "motion", "election", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and what they are called by."""
        return [*super().followed, "seat", "holder__agency", "motion__meeting", "election__meeting", "election__seat"]

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Nothing: a term moves no papers."""
