"""Motions: what was moved, why it carried or failed, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime

from board import resources, services
from board.admin.filters import MotionYearFilter, OutcomeFilter
from board.admin.pages import BoardPage
from board.admin.shown import outcome_badge, said_of_motion, state_of_motion
from board.forms.motions import (
    DeclareForm,
    PutForm,
    SettleMotionForm,
    VotesForm,
    WithdrawForm,
    carried_or_not,
    may_be_put,
)
from board.forms.moving import DETAILS
from board.models import Motion
from board.models.motions import about
from board.rules.votes import depends_on_reading
from documents.admin import paper_shown
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer, address

MOST_VOTES = 250
OF_KIND = ("proposes", "named_on", "back_on", "sent_on", "recommended_on", "recommendation", "seat", "payee")


@admin.register(Motion)
class MotionAdmin(BoardPage):
    """Motions. They are recorded at their meeting; each step has its act, and nothing is typed over afterwards."""

    change_form_template = "board/record_page.html"
    acts = (PutForm, VotesForm, DeclareForm, SettleMotionForm, WithdrawForm)
    resource_classes = [resources.MotionResource]
    list_display = ["numbered", "meeting_shown", "kind", "text_shown", "outcome_shown", "tally_shown"]
    list_filter = [OutcomeFilter, "kind", "meeting__kind", MotionYearFilter]
    search_fields = ["text", "mover__name", "seconder__name", "meeting__place"]
    search_help_text = "Text, who moved or seconded, or place"
    ordering = ["-meeting__starts_at", "number"]
    sent_shown = paper_shown("sent_paper", "Paper of the sending")
    empty_list = "No motion is recorded yet. Open a meeting and record one there."

    class Media:
        css = {"all": ["board/meetings.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The motions with all that their outcome reads, in a fixed number of queries."""
        rows: Any = super().get_queryset(request)
        whole = rows.select_related("meeting", "bylaws", "mover", "seconder").prefetch_related(
            "bylaws__thresholds", "meeting__pauses"
        )
        return whole.with_tally()  # type: ignore[no-any-return]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody here: a motion is recorded at its meeting."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the role says, until the vote is put: from then on it stays as it was put."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state == Motion.State.PENDING)

    # The list

    @admin.display(description="Motion", ordering="number")
    def numbered(self, motion: Motion) -> str:
        """Its number at the meeting."""
        return f"Motion {motion.number}"

    @admin.display(description="Meeting", ordering="meeting__starts_at")
    def meeting_shown(self, motion: Motion) -> str:
        """The meeting at which it was made."""
        return str(motion.meeting)

    @admin.display(description="Text")
    def text_shown(self, motion: Motion) -> str:
        """The beginning of its text."""
        return Truncator(motion.text).chars(120)

    @admin.display(description="Outcome", ordering="state")
    def outcome_shown(self, motion: Motion) -> SafeString:
        """Carried, failed, out of order, depends on the reading."""
        return outcome_badge(motion)

    @admin.display(description="For – against – abstained")
    def tally_shown(self, motion: Motion) -> str:
        """The count; empty for one by voice."""
        tally = motion.tally if motion.decided else None
        return f"{tally.ayes} – {tally.nays} – {tally.abstentions}" if tally is not None else ""

    # The page

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was moved, what its kind asks for, how it was decided."""
        of_kind = [name for name in OF_KIND if obj is not None and getattr(obj, name)]
        sent = ["sent_shown"] if obj is not None and obj.sent_paper_id else []
        vote = ["method", "put_shown", "declared_shown", "bylaws"] if obj is not None and obj.put_at else []
        decides = ["about_shown"] if obj is not None and about(obj) is not None else []
        did = ["acted"] if obj is not None and obj.acted else []
        order = ["out_of_order_because"] if obj is not None and obj.out_of_order else []
        kept = [name for name in DETAILS.get(obj.what, ()) if name in of_kind] if obj is not None else []
        rest = [name for name in of_kind if name not in kept]
        return [
            (None, {"fields": ["meeting", "kind", *decides, "text", "mover", "seconder", "item"]}),
            *([("What its kind asks for", {"fields": [*kept, *sent, *rest]})] if of_kind or sent else []),
            *([("The vote", {"fields": [*vote, *did, *order]})] if vote else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything once the vote is put; what it is about always."""
        shown = [
            "meeting",
            "kind",
            "about_shown",
            "sent_shown",
            "put_shown",
            "declared_shown",
            "acted",
            "method",
            "bylaws",
        ]
        shown += ["out_of_order_because", "seat", "mover", "seconder", "proposes"]
        if obj is not None and obj.state != Motion.State.PENDING:
            return [*shown, "text", "item", *OF_KIND]
        return shown

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """The agenda items of its own meeting, and no others."""
        if db_field.name == "item" and (key := self._key(request)) is not None:
            items = db_field.remote_field.model._default_manager
            options["queryset"] = items.filter(meeting__motions=key, dropped=False).order_by("position", "pk")
        return super().formfield_for_foreignkey(db_field, request, **options)

    def _key(self, request: HttpRequest) -> str | None:
        match = request.resolver_match
        return match.kwargs.get("object_id") if match is not None else None

    @admin.display(description="About")
    def about_shown(self, motion: Motion) -> str:
        """The record it decides."""
        return str(about(motion) or "")

    @admin.display(description="Put to the vote")
    def put_shown(self, motion: Motion) -> str:
        """When."""
        return date_format(localtime(motion.put_at), "DATETIME_FORMAT") if motion.put_at else ""

    @admin.display(description="Result declared")
    def declared_shown(self, motion: Motion) -> str:
        """When."""
        return date_format(localtime(motion.decided_at), "DATETIME_FORMAT") if motion.decided_at else ""

    def meeting_of(self, record: Motion) -> Any:
        """Its meeting."""
        return record.meeting

    def badge(self, record: Motion) -> tuple[str, str]:
        """Where it is."""
        waits = record.decided and record.out_of_order and record.stands is None
        return "overdue" if waits else state_of_motion(record), said_of_motion(record)

    def answers(self, request: HttpRequest, record: Motion) -> Iterable[Answer]:
        """The outcome whole, what it did, and whether its conditions were met."""
        if record.decided:
            found = services.outcome_of(record)
            same = found if depends_on_reading(found) else replace(found, readings=())
            yield Answer("Outcome", same, carried_or_not(found))
        if record.acted and record.acted_at:
            when = date_format(localtime(record.acted_at), "DATETIME_FORMAT")
            yield Answer("What it did", Finding(True, (Fact(f"taken up in the register on {when}"),)), record.acted)
        if record.state != Motion.State.WITHDRAWN:
            found = services.preconditions(record)
            asked = "Was it in order?" if record.decided else "May it be put to the vote?"
            yield Answer(asked, found, may_be_put(found) if not record.decided else "")

    def related(self, request: HttpRequest, record: Motion) -> Sequence[Related]:
        """The amendments to it, and the votes by name."""
        return [table for table in (self._amendments(record), self._votes(record)) if table]

    def _amendments(self, record: Motion) -> Related | None:
        others = list(record.amendments.select_related("meeting", "bylaws").prefetch_related("bylaws__thresholds"))
        rows = [Row((f"Motion {other.number}", other.text, outcome_badge(other)), address(other)) for other in others]
        columns = [Column("Amendment"), Column("Text"), Column("Outcome")]
        return Related("Amendments to it", columns, rows, "") if rows else None

    def _votes(self, record: Motion) -> Related | None:
        if record.method != Motion.Method.ROLL_CALL:
            return None
        votes = record.votes.select_related("entry")[:MOST_VOTES]
        rows = [Row((vote.entry.name, vote.get_choice_display(), services.clock(vote.cast_at))) for vote in votes]
        if len(rows) == MOST_VOTES:
            every = reverse("admin:board_vote_changelist") + f"?meeting={record.meeting_id}"
            rows.append(Row(("All votes of this meeting", "", ""), every))
        columns = [Column("Member"), Column("Vote"), Column("At")]
        return Related(f"Votes by name: {record.tally}", columns, rows, "No vote is recorded yet.")
