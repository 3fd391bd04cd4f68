"""Police Alarm Assignments as a table, one row for each line. Only drafts take lines: a card approved stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field

from membership.models import Agency
from membership.resources.parts import AgencyOwned
from nipas_admin.shared.columns import DayWidget, KeyWidget, Lookup, WholeNumberWidget, text_of
from operations.models import AlarmAssignment, AlarmLine
from operations.resources.parts import CatalogueResource, agency, counted, shown, type_
from operations.services import draft_card


class OfCard(Field):
    """The columns ``agency`` and ``version`` of a line; without a version, the only draft of the agency is meant."""

    resource: AlarmLineResource

    def __init__(self) -> None:
        super().__init__("assignment", "agency", KeyWidget(Lookup(Agency, ("ori", "name"))))

    def clean(self, row: dict[str, Any], **kwargs: Any) -> AlarmAssignment | None:
        """The card; None when the agency is blank. Raises ValueError in words."""
        stricken = self.widget.clean(row["agency"])
        if stricken is None:
            return None
        version = WholeNumberWidget().clean(row.get("version", ""))
        cards = self.resource.cards_of(stricken)
        if version is None:
            drafts = [card for card in cards if card.approved_on is None]
            if len(drafts) == 1:
                return drafts[0]
            said = f"{len(drafts)} drafts: give the version" if drafts else "no draft: make a new version first"
            raise ValueError(f"{stricken} has {said}.")
        found = next((card for card in cards if card.version == version), None)
        if found is None:
            has = f"It has: {', '.join(str(card.version) for card in cards)}" if cards else "It has no card yet"
            raise ValueError(
                f"{stricken} has no version {version} of its alarm card. {has}. Make a new version on its page first, "
                "or give the first card the day it takes effect (effective_on)."
            )
        return found

    def export(self, instance: Any, **kwargs: Any) -> str:
        """The ORI of the stricken agency, or its name."""
        return str(self.widget.render(instance.assignment.agency)) if instance.assignment_id else ""


class AlarmLineResource(CatalogueResource, AgencyOwned):
    """Lines of alarm cards: by stricken agency, version, level and order."""

    about = (
        "A row is one line of a card: at this level, in this order, the aiding agency sends so many of this type. "
        "Lines come into drafts only. An agency that has no card yet gets its first draft when the row gives the day "
        "from which it takes effect (effective_on); later versions are begun on the card's page."
    )
    natural_keys = [("assignment", "version", "level", "order")]
    may_lack = ("version",)
    following = ("assignment__agency",)
    assignment = OfCard()
    agency_name = shown("assignment__agency__name", "agency_name")
    version = Field("assignment__version", "version", WholeNumberWidget(), readonly=True)
    effective_on = Field("assignment__effective_on", "effective_on", DayWidget(), readonly=True)
    approved_on = Field("assignment__approved_on", "approved_on", DayWidget(), readonly=True)
    agency = agency("agency", "aiding_agency")
    aiding_name = shown("agency__name", "aiding_name")
    type = type_()

    class Meta(CatalogueResource.Meta):
        model = AlarmLine
        fields = [
            "assignment", "agency_name", "version", "effective_on", "approved_on", "level", "order", "agency",
            "aiding_name", "type", "quantity", "note", "dropped",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cards: dict[int, list[AlarmAssignment]] = {}
        self.fields["assignment"].resource = self

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record, and those behind them."""
        return [*super().followed, "agency"]

    def taken(self) -> list[str]:
        """The names of the columns that are read, those that name the card among them."""
        names = super().taken()
        return [*names[:1], "version", "effective_on", *names[1:]]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The cells of each line of these cards; of these lines, where a list of lines is given."""
        if queryset.model is AlarmAssignment:
            cards = queryset.order_by().values("pk")
            queryset = AlarmLine.objects.filter(assignment__in=cards).order_by(
                "assignment__agency__name", "-assignment__version", "level", "order"
            )
        yield from super().rows(queryset)

    # In

    def cards_of(self, stricken: Agency) -> list[AlarmAssignment]:
        """Every version of the agency's card that this person may use, the first one first."""
        if stricken.pk not in self.cards:
            rows = self.rows_of(AlarmAssignment).filter(agency=stricken)
            self.cards[stricken.pk] = list(rows.select_related("agency").order_by("version"))
        return self.cards[stricken.pk]

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Begin the first card of each agency that has none: with the import, or not at all."""
        super().before_import(dataset, **kwargs)
        self.cards = {}
        for row in dataset.dict:
            try:
                stricken = self.fields["assignment"].widget.clean(row.get("agency"))
                effective_on = DayWidget().clean(row.get("effective_on", ""))
            except ValueError:
                continue
            if stricken is None or effective_on is None or text_of(row.get("version")) not in ("", "1"):
                continue
            # Only versions that nobody may hide: a card out of sight is a card all the same.
            if not self.cards_of(stricken) and not AlarmAssignment.objects.filter(agency=stricken).exists():
                self.cards[stricken.pk] = [draft_card(agency=stricken, effective_on=effective_on)]

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Say which version a row without one means."""
        if not text_of(row["version"]):
            try:
                card = self.fields["assignment"].clean(row)
            except ValueError:
                card = None
            row["version"] = card.version if card is not None else ""
        super().before_import_row(row, **kwargs)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Drafts only; figures of one or more."""
        faults = dict(import_validation_errors or {})
        card = instance.assignment if instance.assignment_id else None
        if card is not None and card.approved_on is not None:
            said = f"Version {card.version} is approved and stays as it is: make a new version, then import its lines."
            faults["assignment"] = ValidationError(said)
        counted(
            instance,
            {"level": "at which level", "order": "in which order", "quantity": "how many it sends"},
            faults,
        )
        super().validate_instance(instance, faults, **kwargs)

    def _check_scope(self, instance: Any) -> None:
        """Whose card it is decides, not who comes to its aid."""
        super()._check_scope(instance.assignment)
