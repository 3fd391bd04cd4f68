"""``manage.py load_instrument FILE --edition amended``: the official text of the agreement, kept as data."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from membership.models import AgreementVersion

EDITIONS = AgreementVersion.Edition.values
LARGEST = 1024 * 1024
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HTML = re.compile(r"\s*<(!doctype|html|head|body)\b", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Command(BaseCommand):
    """Store the text of an edition of the agreement, with its history, and say what changed."""

    help = (
        "Stores the text of the agreement, a Markdown file in UTF-8, with the edition named. Comments (<!-- -->) are "
        "left out. What was there before stays in history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``FILE`` and ``--edition``."""
        parser.add_argument("file", metavar="FILE", type=Path, help="The text, as Markdown in UTF-8.")
        parser.add_argument(
            "--edition", required=True, choices=AgreementVersion.Edition.values, help="Whose text it is."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Store the text. Raises CommandError, in words, for a file that is none."""
        path: Path = options["file"]
        text, comments = text_of(path)
        version = AgreementVersion.objects.select_for_update().get(edition=options["edition"])
        name = version.get_edition_display()
        before = version.text
        if comments:
            self.stdout.write(f"{comments} comment{'s' if comments > 1 else ''} left out.")
        if before == text:
            self.stdout.write(
                f"The {name} holds exactly this text already; nothing was written. SHA-256 {digest(text)}"
            )
            return
        version.text = text
        version._change_reason = f"Text loaded from {path.name}, SHA-256 {digest(text)}"
        version.full_clean()
        version.save()
        self.stdout.write(f"Stored the text of the {name}: {len(text):,} characters, SHA-256 {digest(text)}")
        if not before:
            self.stdout.write("It had no text before.")
        else:
            added, removed = lines_changed(before, text)
            self.stdout.write(
                f"Before: {len(before):,} characters, SHA-256 {digest(before)}. {added:,} lines added, "
                f"{removed:,} removed. The old text stays in history."
            )


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
