"""Who keeps the books of the demonstration: accounts that nobody can sign in with."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import SYSTEM_MANAGER, TEAM_COORDINATOR, TREASURER


@dataclass(frozen=True)
class People:
    """The treasurer, the system manager and a team coordinator."""

    treasurer: User
    manager: User
    coordinator: User


def people() -> People:
    """The three, made now."""
    return People(
        _account("books-treasurer", "Oxbow", "Treasurer", TREASURER),
        _account("books-manager", "Prairie", "Manager", SYSTEM_MANAGER),
        _account("books-coordinator", "Team", "Coordinator", TEAM_COORDINATOR),
    )


def _account(name: str, first: str, last: str, role: str) -> User:
    user = get_user_model().objects.create_user(
        name, password=None, is_active=False, is_staff=False, first_name=first, last_name=last
    )
    user.groups.add(Group.objects.get(name=role))
    return user
