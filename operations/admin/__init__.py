"""The screens of mutual aid."""

from operations.admin import cards, catalogue, incidents, pocket_cards, readiness, resources

__all__ = ["cards", "catalogue", "incidents", "pocket_cards", "readiness", "resources"]
