"""The records of mutual aid."""

from operations.models.cards import AlarmAssignment, AlarmLine
from operations.models.catalogue import (
    DispatchCenter,
    FreshnessRule,
    PocketCard,
    Resource,
    ResourceCategory,
    ResourceType,
)
from operations.models.incidents import Aid, Incident, IncidentNote, RequestLine
from operations.models.pocket_cards import PocketCardOrder
from operations.models.readiness import ReadinessInquiry, ReadinessInvitation

__all__ = [
    "Aid",
    "AlarmAssignment",
    "AlarmLine",
    "DispatchCenter",
    "FreshnessRule",
    "Incident",
    "IncidentNote",
    "PocketCard",
    "PocketCardOrder",
    "ReadinessInquiry",
    "ReadinessInvitation",
    "RequestLine",
    "Resource",
    "ResourceCategory",
    "ResourceType",
]
