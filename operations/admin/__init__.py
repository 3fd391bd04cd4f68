"""The screens of mutual aid."""

from operations.admin import cards, catalogue, incidents, readiness, resources

__all__ = ["cards", "catalogue", "incidents", "readiness", "resources"]
