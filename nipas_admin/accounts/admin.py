"""Accounts and roles. Only a superuser changes accounts; roles are kept in code and only read here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from nipas_admin.accounts.forms import AccountCreationForm, AccountForm
from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import ROLES

admin.site.unregister(Group)


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    """Who may sign in, and in which roles. Accounts are switched off, never deleted: history names them."""

    form = AccountForm
    add_form = AccountCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "email")}),
        ("What this person may do", {"fields": ("is_active", "groups", "is_superuser")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("How this person signs in", {"fields": ("usable_password", "password1", "password2")}),
        ("What this person may do", {"fields": ("groups",)}),
    )
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "first_name", "last_name", "email", "held_roles", "is_active", "last_login")
    list_filter = ("is_active", "groups", "is_superuser")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Accounts with their roles."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def held_roles(self, account: User) -> str:
        """``Superuser``, or the names of the roles."""
        return "Superuser" if account.is_superuser else ", ".join(role.name for role in account.groups.all())

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers only: whoever could change accounts could make himself one."""
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: what a person did keeps that person's name."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Every account signs in here; whether it may is said by ``active``."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)


@admin.register(Group)
class RoleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What each role is for and may do, to read: the table itself is in the code."""

    list_display = ("name", "purpose")
    fields = ("name", "purpose", "may")
    readonly_fields = fields

    @admin.display
    def purpose(self, role: Group) -> str:
        """What the role is for; nothing for a group that is no role."""
        return ROLES[role.name].purpose if role.name in ROLES else ""

    @admin.display(description="may")
    def may(self, role: Group) -> str:
        """Everything the role may do, in words."""
        held = role.permissions.select_related("content_type").order_by("content_type__app_label", "codename")
        return "; ".join(f"{permission.content_type.app_label}: {permission.name}" for permission in held)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Nobody."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)
