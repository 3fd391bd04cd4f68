"""Cost requests, claims and property as tables; property comes in too, with who keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field

from finance import services
from finance.models import Claim, CostRequest, Custody, PropertyItem
from finance.resources.parts import BooksResource, motion, shown
from membership.models import Agency
from nipas_admin.shared.columns import DayWidget, KeyWidget, Lookup, TextWidget, key, keys, text_of

KEPT_BY = ("custodian", "keeper", "place", "kept_from")


class CostRequestResource(BooksResource):
    """Requests for unusual or burdensome costs, to read (Agreement §3.E)."""

    aiding = key("aiding", Agency, "ori", "name")
    aiding_name = shown("aiding__name", "aiding_name")
    stricken = key("stricken", Agency, "ori", "name")
    stricken_name = shown("stricken__name", "stricken_name")

    class Meta(BooksResource.Meta):
        model = CostRequest
        fields = [
            "aiding", "aiding_name", "stricken", "stricken_name", "incident", "incident_on", "submitted_on", "amount",
            "description", "decided_on", "granted", "decided_by", "paid_on", "note",
        ]  # fmt: skip
        export_order = fields


class ClaimResource(BooksResource):
    """Claims against NIPAS, to read: a row for each cost, and one for a claim without any (Agreement §3.G)."""

    stricken = key("stricken", Agency, "ori", "name")
    named = keys("named", Agency, "name")

    class Meta(BooksResource.Meta):
        model = Claim
        fields = ["title", "number", "filed_on", "closed_on", "stricken", "named", "incident", "note"]
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, those of a cost last."""
        return [*super().headings(), "cost", "cost_on", "cost_amount", "cost_for"]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        for claim in queryset.select_related("stricken").prefetch_related("named", "costs"):
            cells = [self.export_field(field, claim, force_native_type=True) for field in fields]
            for cost in claim.costs.all() or [None]:
                yield [*cells, *((cost.get_kind_display(), cost.on, cost.amount, cost.text) if cost else [""] * 4)]


class KeeperColumn(Field):
    """A column of who keeps a thing now; given for one that nobody keeps yet, it is the first entry."""

    def __init__(self, attribute: str, column: str, widget: Any) -> None:
        super().__init__(attribute, column, widget)

    def get_value(self, instance: Any) -> Any:
        """As typed in this table, else as stored; None where nobody keeps it."""
        typed = instance.__dict__.get("keeps", {})
        if self.attribute in typed:
            return typed[self.attribute]
        kept = self.kept(instance)
        return getattr(kept, self.attribute) if kept else None

    @staticmethod
    def kept(instance: Any) -> Custody | None:
        """The custody that lasts; None for none."""
        rows = instance.custody.all() if instance.pk else ()
        return next((row for row in rows if row.until_on is None), None)

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Hold it until the item is written."""
        instance.__dict__.setdefault("keeps", {})[self.attribute] = self.clean(row)


class PropertyItemResource(BooksResource):
    """Property: by its tag, with who keeps it now. It is handed over and disposed of on its page."""

    about = (
        "A row is a thing that NIPAS owns, told by its tag. custodian, keeper (the agency), place and kept_from say "
        "who keeps it; once they are on record, it is handed over on its page."
    )
    natural_keys = [("tag",)]
    motion = motion("motion")
    custodian = KeeperColumn("custodian", "custodian", TextWidget())
    keeper = KeeperColumn("agency", "keeper", KeyWidget(Lookup(Agency, ("ori", "name"))))
    place = KeeperColumn("place", "place", TextWidget())
    kept_from = KeeperColumn("from_on", "kept_from", DayWidget())
    following = ("motion__meeting",)
    fetching = ("custody__agency",)

    class Meta(BooksResource.Meta):
        model = PropertyItem
        fields = [
            "tag", "name", "kind", "serial", "acquired_on", "cost", "custodian", "keeper", "place", "kept_from",
            "disposed_on", "disposal", "disposed_to", "proceeds", "motion", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record; the keeper is fetched with the custody."""
        return [name for name in super().followed if name != "agency"]

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Who keeps it stays as recorded; the first entry is whole."""
        faults = dict(import_validation_errors or {})
        if not faults:
            faults = self._faults(instance)
        super().validate_instance(instance, faults, **kwargs)

    def _faults(self, instance: Any) -> dict[str, ValidationError]:
        typed = {name: value for name, value in instance.__dict__.get("keeps", {}).items() if value}
        changed = {cell.column for cell in self.cells if cell.changed} & set(KEPT_BY)
        if KeeperColumn.kept(instance) is not None:
            said = "It is handed over on its page: who kept it until then stays on record (Bylaws Art. XVI)."
            return {self.fields[name].attribute: ValidationError(said) for name in changed}
        if not typed:
            return {}
        needed = {"custodian": "Name the person who keeps it.", "from_on": "Give the day from which it is kept there."}
        return {name: ValidationError(said) for name, said in needed.items() if not typed.get(name)}

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Write the first custody that the table gives."""
        typed = instance.__dict__.pop("keeps", {})
        if text_of(typed.get("custodian")) and KeeperColumn.kept(instance) is None:
            services.hand_over(
                item=instance, custodian=typed["custodian"], on=typed["from_on"], agency=typed.get("agency"),
                place=typed.get("place") or "",
            )  # fmt: skip
        super().after_save_instance(instance, row, **kwargs)
