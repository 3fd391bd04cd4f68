"""Tables of mutual aid, in and out: what the admin's import and export and the commands use."""

from operations.resources.cards import AlarmLineResource
from operations.resources.catalogue import (
    DispatchCenterResource,
    FreshnessRuleResource,
    ResourceCategoryResource,
    ResourceTypeResource,
)
from operations.resources.holdings import HoldingResource
from operations.resources.incidents import IncidentResource
from operations.resources.pocket_cards import PocketCardOrderResource
from operations.resources.readiness import ReadinessInquiryResource

__all__ = [
    "AlarmLineResource",
    "DispatchCenterResource",
    "FreshnessRuleResource",
    "HoldingResource",
    "IncidentResource",
    "PocketCardOrderResource",
    "ReadinessInquiryResource",
    "ResourceCategoryResource",
    "ResourceTypeResource",
]
