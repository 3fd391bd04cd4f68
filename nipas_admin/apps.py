"""The register's own admin site in place of the stock one."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RegisterAdminConfig(AdminConfig):
    """Stock Django admin with our frame."""

    default_site = "nipas_admin.site.RegisterSite"

    def ready(self) -> None:
        """Find every app's admin, then furnish the room of people and roles, which belongs to the frame."""
        from nipas_admin.shared import rooms

        super().ready()
        rooms.register(
            rooms.Room(
                "accounts",
                "People and roles",
                90,
                (rooms.records("accounts.User", "People"), rooms.records("auth.Group", "Roles")),
            )
        )


class RegisterConfig(AppConfig):
    """The frame itself: settings checks, commands, templates and style that belong to no one room."""

    name = "nipas_admin"
    label = "nipas_admin"

    def ready(self) -> None:
        """Check the settings at every start."""
        from nipas_admin import checks  # noqa: F401
