"""Sign-in and roles."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    """Users and their roles."""

    name = "nipas_admin.accounts"
    label = "accounts"
    verbose_name = "People and roles"

    def ready(self) -> None:
        """Keep roles and the guards of history in step with the tables, and check how records are declared."""
        from nipas_admin.accounts.sync import after_migrate
        from nipas_admin.shared import checks, triggers  # noqa: F401

        pre_migrate.connect(triggers.before_migrate, dispatch_uid="refusals")
        post_migrate.connect(triggers.after_migrate, dispatch_uid="append-only triggers")
        post_migrate.connect(after_migrate, dispatch_uid="roles")
