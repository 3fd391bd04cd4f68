"""The packing list: which agency gets how many pocket cards, and to what address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from documents.letters import Letter
from membership.models import Agency
from nipas_admin.shared.dated import in_words
from operations.models import PocketCardOrder
from operations.models.pocket_cards import CARDS_ON_A_SHEET


@dataclass(frozen=True)
class Parcel:
    """What goes to one agency: its address line by line, how many cards, and when they were ordered."""

    address: tuple[str, ...]
    cards: int
    sheets: int
    ordered: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PackingList(Letter):
    """Everything that waits, the oldest order first, and how much is printed for all of it."""

    parcels: tuple[Parcel, ...]
    cards: int
    sheets: int


def packing_list(record: None, day: date) -> PackingList:
    """What waits to be sent on the day. Raises ValidationError when nothing does."""
    rows = list(PocketCardOrder.objects.waiting_on(day).select_related("agency"))
    if not rows:
        raise ValidationError(f"No order of pocket cards waits on {in_words(day)}: there is nothing to pack.")
    cards = sum(row.quantity for row in rows)
    return PackingList(
        title="Packing list of pocket cards",
        as_on=day,
        about="pocket cards",
        parcels=tuple(
            Parcel(_address(row.agency, row.deliver_to), row.quantity, row.sheets, in_words(row.ordered_on), row.note)
            for row in rows
        ),
        cards=cards,
        # All of them are printed together: what is left over on one sheet goes to the next agency.
        sheets=-(-cards // CARDS_ON_A_SHEET),
    )


def _address(agency: Agency, attention: str) -> tuple[str, ...]:
    town = f"{agency.city}, IL {agency.zip_code}".strip(" ,") if agency.city else agency.zip_code
    lines = (agency.name, f"Attention: {attention}" if attention else "", agency.street, town)
    return tuple(line for line in lines if line)
