"""What can be asked for, how often it is confirmed, whom to call, and the pocket card."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from documents.admin import RecordPage
from nipas_admin.shared.pages import Button
from operations import resources
from operations.models import DispatchCenter, FreshnessRule, PocketCard, ResourceCategory, ResourceType


@admin.register(ResourceCategory)
class ResourceCategoryAdmin(RecordPage):
    """Groups of the catalogue."""

    resource_classes = [resources.ResourceCategoryResource]
    shared_with_agencies = True
    list_display = ["name", "position"]
    search_fields = ["name"]


@admin.register(ResourceType)
class ResourceTypeAdmin(RecordPage):
    """The catalogue."""

    resource_classes = [resources.ResourceTypeResource]
    shared_with_agencies = True
    list_display = ["name", "key", "category", "unit", "on_pocket_card", "retired_on"]
    list_filter = ["category", "on_pocket_card", ("retired_on", admin.EmptyFieldListFilter)]
    list_select_related = ["category"]
    search_fields = ["name", "key"]
    search_help_text = "Name or short name"


@admin.register(FreshnessRule)
class FreshnessRuleAdmin(RecordPage):
    """How often agencies confirm."""

    resource_classes = [resources.FreshnessRuleResource]
    shared_with_agencies = True
    list_display = ["from_on", "months", "due_days", "source"]


@admin.register(DispatchCenter)
class DispatchCenterAdmin(RecordPage):
    """Whom to call."""

    resource_classes = [resources.DispatchCenterResource]
    shared_with_agencies = True
    list_display = ["name", "role", "telephone", "other_telephone", "radio", "from_on", "until_on"]
    search_fields = ["name", "telephone"]


@admin.register(PocketCard)
class PocketCardAdmin(RecordPage):
    """What stands on the supervisors' pocket card."""

    shared_with_agencies = True
    list_display = ["from_on"]

    def buttons(self, request: HttpRequest, record: PocketCard) -> Iterator[Button]:
        """The way to the cards, ready to print."""
        yield Button("Print pocket cards", reverse("operations:letter", args=["pocket"]), primary=True)
