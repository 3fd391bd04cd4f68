"""Accounts as they are entered: a person, a way to sign in, and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import AGENCY_REPRESENTATIVE, ROLES


def one_kind_of_role(roles: Any) -> None:
    """Raises ValidationError when a role of the office is joined with that of an agency's representative."""
    names = {role.name for role in roles}
    if AGENCY_REPRESENTATIVE in names and len(names) > 1:
        raise forms.ValidationError(
            f"{AGENCY_REPRESENTATIVE} cannot be joined with another role: that account sees one agency only. "
            "Give the person a second account for the other work."
        )


class Roles(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The roles, each with what it is for."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        roles = Group.objects.filter(name__in=ROLES)
        super().__init__(roles, label="Roles", required=False, **options)

    def clean(self, value: Any) -> Any:
        """The roles chosen. Raises ValidationError when they do not go together."""
        roles = super().clean(value)
        one_kind_of_role(roles)
        return roles

    def label_from_instance(self, role: Any) -> str:
        """``Treasurer: receives, deposits and reports the money``."""
        return f"{role.name}: {ROLES[role.name].purpose}"


class AccountCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]
    """A new account."""

    groups = Roles()

    class Meta(AdminUserCreationForm.Meta):
        model = User


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    """An account as it is."""

    groups = Roles()

    class Meta(UserChangeForm.Meta):
        model = User

    def clean(self) -> dict[str, Any]:
        """Somebody must be left who can manage accounts."""
        data = super().clean() or {}
        was = self.initial.get("is_superuser") and self.initial.get("is_active")
        stays = data.get("is_superuser") and data.get("is_active")
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        if was and not stays and not others.exists():
            raise forms.ValidationError(
                "This is the last account that can manage accounts. Make somebody else a superuser first."
            )
        return data
