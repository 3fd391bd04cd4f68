"""What the body sets for mutual aid, as tables: the catalogue, how often agencies confirm, and whom to call."""

from __future__ import annotations

from nipas_admin.shared.columns import key
from nipas_admin.shared.resources import RecordResource
from operations.models import DispatchCenter, FreshnessRule, ResourceCategory, ResourceType


class ResourceCategoryResource(RecordResource):
    """Categories of the catalogue: by name."""

    natural_keys = [("name",)]

    class Meta(RecordResource.Meta):
        model = ResourceCategory
        fields = ["name", "position"]
        export_order = fields
        import_order = fields


class ResourceTypeResource(RecordResource):
    """Types of resources: by short name, or by name where the short name changes."""

    about = (
        "A row is a kind of resource, told by its short name (key), which is what people type: officer, canine, "
        "translator-pl. Its category must be there already. A type is never removed: give the day it retires."
    )
    natural_keys = [("key",), ("name",)]
    category = key("category", ResourceCategory, "name")

    class Meta(RecordResource.Meta):
        model = ResourceType
        fields = ["key", "name", "category", "unit", "on_pocket_card", "retired_on"]
        export_order = fields
        import_order = fields


class FreshnessRuleResource(RecordResource):
    """How often resources are confirmed: by the day from which a rule holds."""

    natural_keys = [("from_on",)]

    class Meta(RecordResource.Meta):
        model = FreshnessRule
        fields = ["from_on", "months", "due_days", "source"]
        export_order = fields
        import_order = fields


class DispatchCenterResource(RecordResource):
    """Dispatch centers: by name, role and first day."""

    about = (
        "A row is a center in one role from one day. To put another in its place, give the old one its last day "
        "(until_on) in a row above the new one."
    )
    natural_keys = [("name", "role", "from_on")]

    class Meta(RecordResource.Meta):
        model = DispatchCenter
        fields = ["name", "role", "telephone", "other_telephone", "radio", "from_on", "until_on"]
        export_order = fields
        import_order = fields
