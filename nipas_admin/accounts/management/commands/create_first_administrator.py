"""``manage.py create_first_administrator``: someone who can sign in to a new register."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from django.utils.crypto import get_random_string

LETTERS_TOLD_APART = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 20


class Command(BaseCommand):
    """Create the first administrator and show the password, once; do nothing where anybody can sign in already."""

    help = "Creates an administrator with a random password, shown once, if nobody can sign in yet."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--username``: the name to sign in with."""
        parser.add_argument("--username", default="admin", help="Name to sign in with (admin unless given).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the administrator unless a user exists."""
        users = get_user_model()._default_manager
        if users.exists():
            return
        username = options["username"]
        password = get_random_string(PASSWORD_LENGTH, LETTERS_TOLD_APART)
        users.create_superuser(username=username, email="", password=password)
        self.stdout.write(
            "\n"
            "  Sign in with\n"
            f"    name      {username}\n"
            f"    password  {password}\n"
            "  This password is shown only now. Keep it, or change it after signing in.\n"
        )
