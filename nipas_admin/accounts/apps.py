"""Sign-in and roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and their roles."""

    name = "nipas_admin.accounts"
    label = "accounts"
    verbose_name = "People and roles"
