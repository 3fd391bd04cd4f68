"""``manage.py load_demo``: the demonstration register, for a register that is still empty."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from membership.demo.load import load
from membership.demo.users import create_users


class Command(BaseCommand):
    """Load the demonstration register: invented agencies that show every status and every oddity."""

    help = (
        "Loads the demonstration register: 105 invented agencies with fixed dates that show every status and every "
        "oddity of membership, and what the other rooms add. Refuses a register that already holds agencies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--with-users PASSWORD``."""
        parser.add_argument(
            "--with-users",
            metavar="PASSWORD",
            help="Also create one user for each role, all with this password. Without it nobody can sign in.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it or nothing. Raises CommandError in words."""
        password = options["with_users"]
        try:
            if password is not None:
                validate_password(password)
            with transaction.atomic():
                written = load()
                users = create_users(password) if password is not None else []
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Loaded the demonstration register: {', '.join(written)}. No such agency exists.")
        for user, role in users:
            self.stdout.write(f"  {user}: {role}")
