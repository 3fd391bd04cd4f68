"""What agencies hold, as a table: how many of a type, how many can leave at once, and when that was confirmed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from nipas_admin.shared.dated import in_words
from operations.models import Resource
from operations.resources.parts import CatalogueResource, agency, counted, shown, type_
from operations.services.resources import LATER


class HoldingResource(CatalogueResource):
    """Resources: by agency and type."""

    about = (
        "A row is what one agency has of one type: the type by its short name or its name, the quantity, and how many "
        "of it can leave at once (deployable). A row without the day of confirmation counts as stale until the agency "
        "confirms it."
    )
    natural_keys = [("agency", "type")]
    agency = agency()
    agency_name = shown("agency__name", "agency_name")
    type = type_()
    type_name = shown("type__name", "type_name")

    class Meta(CatalogueResource.Meta):
        model = Resource
        fields = ["agency", "agency_name", "type", "type_name", "quantity", "deployable", "note", "confirmed_on"]
        export_order = fields
        import_order = fields

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory, and remember the day on record before."""
        self.confirmed_before = instance.confirmed_on
        super().import_instance(instance, row, **kwargs)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Each figure 0 or more, none deployed that is not there, the type still offered, no day gone back or ahead."""
        faults = dict(import_validation_errors or {})
        figures = {"quantity": "how many the agency has", "deployable": "how many can leave at once"}
        counted(instance, figures, faults)
        if not faults.keys() & figures.keys() and instance.deployable > instance.quantity:
            said = f"{instance.deployable} cannot be deployed: the agency has {instance.quantity}."
            faults["deployable"] = ValidationError(said)
        if not faults.keys() & {"type", "confirmed_on"} and instance._state.adding and instance.type_id is not None:
            retired_on = instance.type.retired_on
            if retired_on is not None and (instance.confirmed_on is None or retired_on <= instance.confirmed_on):
                said = f"{instance.type} is no longer in the catalogue; choose another type."
                faults["type"] = ValidationError(said)
        before = self.confirmed_before
        if before is not None and (instance.confirmed_on is None or instance.confirmed_on < before):
            faults.setdefault("confirmed_on", ValidationError(LATER))
        today = timezone.localdate()  # noqa: TID251 - what is brought in was confirmed by the day it comes in
        if "confirmed_on" not in faults and instance.confirmed_on is not None and instance.confirmed_on > today:
            said = f"{in_words(instance.confirmed_on)} has not come yet: give the day on which the agency confirmed."
            faults["confirmed_on"] = ValidationError(said)
        super().validate_instance(instance, faults, **kwargs)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Who brings a new day of confirmation confirms."""
        super().before_save_instance(instance, row, **kwargs)
        if instance.confirmed_on != self.confirmed_before:
            instance.confirmed_by = kwargs.get("user")
