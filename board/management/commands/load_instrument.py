"""``manage.py load_instrument FILE``: the official text of the agreement or of the bylaws, kept as data.

``--edition amended`` names the agreement's edition, ``--bylaws 2018`` the version of the bylaws.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from board.models import BylawsVersion
from membership.models import AgreementVersion

LARGEST = 1024 * 1024
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HTML = re.compile(r"\s*<(!doctype|html|head|body)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Command(BaseCommand):
    """Store the text of an edition of the agreement or a version of the bylaws, with history; say what changed."""

    help = (
        "Stores the text of the agreement or of the bylaws, a Markdown file in UTF-8, with the edition or the version "
        "named. Comments (<!-- -->) are left out. What was there before stays in history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``FILE``, and ``--edition`` or ``--bylaws``."""
        parser.add_argument("file", metavar="FILE", type=Path, help="The text, as Markdown in UTF-8.")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument(
            "--edition", choices=AgreementVersion.Edition.values, help="The edition of the agreement whose text it is."
        )
        whose.add_argument(
            "--bylaws", metavar="VERSION", help="The version of the bylaws whose text it is: its title, or its year."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Store the text. Raises CommandError, in words, for a file that is none."""
        path: Path = options["file"]
        text, comments = text_of(path)
        version, name = version_meant(options["edition"], options["bylaws"])
        before = version.text
        if comments:
            self.stdout.write(f"{comments} comment{'s' if comments > 1 else ''} left out.")
        if before == text:
            self.stdout.write(
                f"{name}: exactly this text is stored already; nothing was written. SHA-256 {digest(text)}"
            )
            return
        version.text = text
        version._change_reason = f"Text loaded from {path.name}, SHA-256 {digest(text)}"
        version.full_clean()
        version.save()
        self.stdout.write(f"Stored the text, {name}: {len(text):,} characters, SHA-256 {digest(text)}")
        if not before:
            self.stdout.write("It had no text before.")
        else:
            added, removed = lines_changed(before, text)
            self.stdout.write(
                f"Before: {len(before):,} characters, SHA-256 {digest(before)}. {added:,} lines added, "
                f"{removed:,} removed. The old text stays in history."
            )


def version_meant(edition: str | None, bylaws: str | None) -> tuple[AgreementVersion | BylawsVersion, str]:
    """The edition of the agreement, or the version of the bylaws, locked, and its name. Raises CommandError."""
    if bylaws is not None:
        version = bylaws_meant(bylaws)
        return version, version.title
    agreement: AgreementVersion = AgreementVersion.objects.select_for_update().get(edition=edition)
    return agreement, agreement.get_edition_display()


def bylaws_meant(asked: str) -> BylawsVersion:
    """The version of this title, or the one version of this year, locked. Raises CommandError, naming them all."""
    wanted = " ".join(asked.split()).casefold()
    versions: list[BylawsVersion] = list(BylawsVersion.objects.select_for_update().order_by("pk"))
    meant = [one for one in versions if one.title.casefold() == wanted]
    if not meant and re.fullmatch("[0-9]{4}", wanted):
        meant = [one for one in versions if wanted in one.title]
    if len(meant) != 1:
        trouble = f"Several versions of the bylaws are of {asked}" if meant else f"There are no bylaws “{asked}”"
        raise CommandError(f"{trouble}. Give one title: {', '.join(one.title for one in meant or versions)}.")
    return meant[0]


def text_of(path: Path) -> tuple[str, int]:
    """The text of the file without its comments, and how many there were. Raises CommandError, in words."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise CommandError(f"{path.name} has {size:,} bytes; a text may have {LARGEST:,}. Is it the right file?")
        raw = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from None
    try:
        typed = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{path.name} is not text in UTF-8 (line {line}). Save it as Markdown in UTF-8.") from None
    typed = typed.replace("\r\n", "\n").replace("\r", "\n")
    if found := CONTROL.search(typed):
        line = typed.count("\n", 0, found.start()) + 1
        raise CommandError(
            f"{path.name} is not plain text: line {line} holds a control character. Save it as Markdown."
        )
    if HTML.match(typed):
        raise CommandError(f"{path.name} is an HTML page. Save its text as Markdown.")
    text, comments = COMMENT.subn("", typed)
    if "<!--" in text:
        line = typed.count("\n", 0, typed.rfind("<!--")) + 1
        raise CommandError(f"{path.name}: the comment that begins on line {line} never ends. Close it with -->.")
    text = text.strip()
    if not text:
        raise CommandError(f"{path.name} is empty{' but for its comments' if comments else ''}; nothing was written.")
    return f"{text}\n", comments


def digest(text: str) -> str:
    """The SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def lines_changed(before: str, after: str) -> tuple[int, int]:
    """How many lines were added, and how many removed."""
    had, has = Counter(before.splitlines()), Counter(after.splitlines())
    return (has - had).total(), (had - has).total()
