"""The versions of the bylaws: their text, when they are in force, their figures, and what an amendment changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from board import resources, services
from board.forms.bylaws import BylawsForm, DraftForm
from board.models import BylawsVersion, DecisionThreshold
from board.rules.terms import Body, Decision
from documents.admin import RecordPage
from documents.markdown import to_html
from nipas_admin.shared.admin import RecordTabular
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, Button, address

FIGURES = (
    "board_quorum", "at_large_seats", "notice_days", "eligibility_months", "dissolution_days", "nominating_members",
    "elected_years", "appointed_years", "past_president_years", "at_large_years", "fiscal_month", "fiscal_day",
    "good_standing",
)  # fmt: skip


class ThresholdInline(RecordTabular):
    """How many votes carry each kind of decision."""

    model = DecisionThreshold
    fields = ["decision", "exceeds", "numerator", "denominator", "base"]
    verbose_name_plural = "how many votes carry"
    show_change_link = False

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A row for each kind of decision while the version is new."""
        return len(Decision) if obj is None else 0

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """One row for each kind of decision."""
        return len(Decision)


@admin.register(BylawsVersion)
class BylawsVersionAdmin(RecordPage):
    """The bylaws, version by version."""

    form = BylawsForm
    resource_classes = [resources.BylawsVersionResource]
    acts = (DraftForm,)
    change_form_template = "board/wide_page.html"
    inlines = [ThresholdInline]
    list_display = ["title", "adopted_on", "in_force_shown", "figures_shown", "text_shown"]
    search_fields = ["title", "source", "text"]
    search_help_text = "Title, source, or words of the text"
    readonly_fields = ["text_as_read", "adopted_by_shown"]
    empty_list = (
        "No version of the bylaws is recorded yet. Add the one in force, with its first day and its figures: every "
        "meeting runs under the version of its day."
    )

    @property
    def media(self) -> forms.Media:
        """As stock, and the labels of clauses."""
        return super().media + forms.Media(css={"all": ["documents/labels.css", "board/bylaws.css"]})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """When it is in force, its figures, its text: as it reads, and to be changed."""
        adopted_by = ["adopted_by_shown"] if obj is not None and obj.adopted_by_id else []
        changes = obj is None or self.has_change_permission(request, obj)
        as_read = [("Text", {"fields": ["text_as_read"]})] if obj is not None and obj.official else []
        to_change = "Change the text" if as_read else "Text"
        typed = [(to_change, {"fields": ["text"], "classes": ["collapse"] if as_read else []})] if changes else []
        return [
            (None, {"fields": ["title", "adopted_on", *adopted_by, "source"]}),
            (
                "In force (Bylaws Art. XVIII)",
                {
                    "fields": ["state", "in_force_on", ("not_before_on", "not_after_on")],
                    "description": "A motion that adopts a version brings it into force by itself. Enter the day here "
                    "for versions adopted before this register was kept; where it is not known, give its bounds.",
                },
            ),
            (
                "Figures",
                {
                    "fields": [
                        "terms_known",
                        ("board_quorum", "at_large_seats"),
                        ("notice_days", "dissolution_days"),
                        ("eligibility_months", "nominating_members"),
                        ("elected_years", "appointed_years"),
                        ("past_president_years", "at_large_years"),
                        ("fiscal_month", "fiscal_day"),
                        "good_standing",
                    ],
                    "description": "What the register counts with while this version governs.",
                },
            ),
            *as_read,
            *typed,
            ("Note", {"fields": ["note"]}),
        ]

    def buttons(self, request: HttpRequest, record: BylawsVersion) -> Iterator[Button]:
        """To draft an amendment of the version that governs today."""
        if record.terms_known and services.governs(record, timezone.localdate()).value:
            yield from super().buttons(request, record)

    def answers(self, request: HttpRequest, record: BylawsVersion) -> Iterable[Answer]:
        """Whether it governs today."""
        today = timezone.localdate()
        yield Answer(f"Governs on {in_words(today)}", services.governs(record, today))

    def badge(self, record: BylawsVersion) -> tuple[str, str]:
        """Whether it governs today."""
        if services.governs(record, timezone.localdate()).value:
            return "active", "In force today"
        if record.state == BylawsVersion.InForce.NOT_YET:
            return "prospect", "Not in force yet"
        ahead = record.in_force_on is not None and record.in_force_on > timezone.localdate()
        return ("prospect", f"In force from {record.in_force}") if ahead else ("ended", "Earlier version")

    def related(self, request: HttpRequest, record: BylawsVersion) -> Sequence[Related]:
        """Where its figures differ from those of the version before it."""
        before = _before(record) if record.terms_known else None
        if before is None:
            return ()
        theirs = dict(_figures(before))
        rows = [
            Row((label, mine, theirs.get(label, "Not recorded")))
            for label, mine in _figures(record)
            if mine != theirs.get(label)
        ]
        columns = [Column("Figure"), Column("This version"), Column(before.title)]
        return [Related(f"What differs from {before.title}", columns, rows, "All figures are the same.")]

    @admin.display(description="In force", ordering="in_force_on")
    def in_force_shown(self, version: BylawsVersion) -> str:
        """Since when, or what is known of it."""
        if version.state == BylawsVersion.InForce.NOT_YET:
            return "Not yet"
        return capfirst(str(version.in_force))

    @admin.display(description="Figures", boolean=False)
    def figures_shown(self, version: BylawsVersion) -> str | SafeString:
        """Whether they are known."""
        return "Known" if version.terms_known else badge("not_determined", "Not known")

    @admin.display(description="Text")
    def text_shown(self, version: BylawsVersion) -> str:
        """Whether the body loaded it."""
        return "Loaded" if version.official else "Not loaded"

    @admin.display(description="As it reads")
    def text_as_read(self, version: BylawsVersion) -> SafeString:
        """The text, set."""
        return format_html('<div class="bylaws-text" tabindex="0">{}</div>', to_html(version.text))

    @admin.display(description="Adopted by")
    def adopted_by_shown(self, version: BylawsVersion) -> SafeString:
        """The motion, as a link."""
        return format_html('<a href="{}">{}</a>', address(version.adopted_by), version.adopted_by)


def _governs() -> Any:
    """The version that governs today; None where none surely does."""
    try:
        return BylawsVersion.objects.governing_on(timezone.localdate())
    except ValidationError:
        return None


def _before(version: BylawsVersion) -> Any:
    """The version that this one follows, if its figures are known; for a draft, the one in force today."""
    if version.state == BylawsVersion.InForce.NOT_YET:
        found = _governs()
    else:
        earlier = BylawsVersion.objects.filter(in_force_on__lt=version.in_force_on) if version.in_force_on else None
        found = earlier.order_by(F("in_force_on").desc(), "-pk").first() if earlier is not None else None
    return found if found is not None and found.terms_known and found.pk != version.pk else None


def _figures(version: BylawsVersion) -> Iterable[tuple[str, str]]:
    """Each figure by name and in words, then each threshold."""
    for name in FIGURES:
        field: Any = BylawsVersion._meta.get_field(name)
        shown = version.get_good_standing_display() if name == "good_standing" else str(getattr(version, name))
        yield capfirst(str(field.verbose_name)), shown
    for row in version.thresholds.all():
        body = Body.BOARD if row.decision in (Decision.BOARD.value, Decision.REMOVAL.value) else Body.ASSEMBLY
        threshold = row.threshold
        yield row.get_decision_display(), f"{threshold} of {threshold.base.label(body)}"
