"""People, agencies and screens that the guards are tried on."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from membership.models import Agency, Official, Representative
from membership.models.agencies import agencies_of
from nipas_admin.accounts import roles
from nipas_admin.accounts.models import User
from nipas_admin.shared import scope

SignIn = Callable[..., Client]


def permissions(*labels: str) -> list[Permission]:
    """The permissions of these labels, ``membership.view_agency``; all of them must exist."""
    return [
        Permission.objects.get(content_type__app_label=app, codename=codename)
        for app, codename in (label.split(".") for label in labels)
    ]


def person(name: str, *role_names: str, may: tuple[str, ...] = (), **fields: Any) -> User:
    """Somebody who signs in, in these roles, with these permissions besides."""
    user = User.objects.create_user(name, password="x", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=role_names))
    assert user.groups.count() == len(role_names)
    user.user_permissions.set(permissions(*may))
    return user


def client_of(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def fields_of(page: Any) -> dict[str, str]:
    """What the form on a page would send, as a browser reads it."""
    html = page.content.decode()
    form = max(re.findall(r"<form.*?</form>", html, re.DOTALL), key=len)
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z_-]+)="([^"]*)"', tag))
        if "name" not in attributes or attributes.get("type") in {"submit", "file", "button"}:
            continue
        if attributes.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        sent[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, content in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"[^>]*selected', content)
        if chosen:
            sent[name] = chosen if "multiple" in form.split(f'name="{name}"')[1][:200] else chosen[0]
    for name, content in re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = unescape(content.removeprefix("\n").removeprefix("\r\n"))
    return {name: value for name, value in sent.items() if "__prefix__" not in name}


def text_of(page: Any) -> str:
    """The page as one reads it."""
    html = re.sub(r"<(script|style).*?</\1>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture(autouse=True)
def represented(settings: Any) -> None:
    """The screens of these tests, and the function that says whom a person represents."""
    settings.ROOT_URLCONF = "tests.nipas_admin.screens"
    scope.set_provider(agencies_of)


@pytest.fixture
def ours(db: None) -> Agency:
    """The agency of the representative."""
    return Agency.objects.create(name="Ashbury Police Department", ori="IL0010100", city="Ashbury")


@pytest.fixture
def theirs(db: None) -> Agency:
    """Another agency."""
    return Agency.objects.create(name="Birchwood Police Department", ori="IL0020200", city="Birchwood")


@pytest.fixture
def our_chief(ours: Agency) -> Official:
    """An official of the representative's agency."""
    return Official.objects.create(agency=ours, name="Ada Ash", capacity="chief")


@pytest.fixture
def their_chief(theirs: Agency) -> Official:
    """An official of the other agency."""
    return Official.objects.create(agency=theirs, name="Bo Birch", capacity="chief")


EVERY = ("view", "add", "change", "delete", "import", "export")


@pytest.fixture
def representative(ours: Agency) -> User:
    """A representative who holds far more permissions than the role gives: only scope stands in the way."""
    may = [f"membership.{action}_{model}" for action in EVERY for model in ("agency", "official")]
    may += ["membership.view_historicalagency", "membership.view_historicalofficial"]
    user = person("rep", roles.AGENCY_REPRESENTATIVE, may=tuple(may))
    Representative.objects.create(user=user, agency=ours)
    return user


@pytest.fixture
def manager(db: None) -> User:
    """A System Manager."""
    return person("manager", roles.SYSTEM_MANAGER)


@pytest.fixture
def superuser(db: None) -> User:
    """A superuser."""
    return User.objects.create_superuser("root", password="x")
