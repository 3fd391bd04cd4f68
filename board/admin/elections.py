"""Elections: who is nominated and may be elected, every ballot, and where the election stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from board import resources, services
from board.admin.pages import BoardPage
from board.forms.elections import (
    BallotForm,
    ByHandForm,
    DeclineForm,
    NominateForm,
    SettleTieForm,
    may_be_elected,
    stage_of,
)
from board.models import Election, Meeting
from nipas_admin.shared.badges import badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import not_determined
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Answer


@admin.register(Election)
class ElectionAdmin(BoardPage):
    """Elections at annual meetings. They are prepared on the meeting's page; each step has its act."""

    change_form_template = "board/record_page.html"
    acts = (NominateForm, BallotForm, SettleTieForm, ByHandForm, DeclineForm)
    resource_classes = [resources.ElectionResource]
    list_display = ["seat", "meeting", "nominees_shown", "ballots_shown", "result_shown"]
    list_display_links = ["seat"]
    list_filter = ["seat", "method", ("winner", admin.EmptyFieldListFilter)]
    search_fields = ["nominees__official__name", "meeting__place", "note"]
    search_help_text = "A nominee's name, or place"
    ordering = ["-meeting__starts_at", "seat"]
    empty_list = "No election is recorded yet. Open an Annual General Meeting and prepare one there."
    fieldsets = [
        (None, {"fields": ["meeting", "seat", "item", "method", "winner", "declared_because"]}),
        ("Note", {"fields": ["note"]}),
    ]
    readonly_fields = ["meeting", "seat", "item", "method", "winner", "declared_because"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The elections whole, in a fixed number of queries."""
        rows: Any = super().get_queryset(request)
        whole = rows.whole().select_related("meeting__bylaws", "item")
        return whole.prefetch_related("meeting__bylaws__thresholds", "meeting__pauses")  # type: ignore[no-any-return]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody here: an election is prepared at its meeting."""
        return False

    @admin.display(description="Nominees")
    def nominees_shown(self, election: Election) -> str:
        """Those who stand."""
        return ", ".join(str(nominee) for nominee in election.nominees.all() if not nominee.declined)

    @admin.display(description="Ballots")
    def ballots_shown(self, election: Election) -> int:
        """How many were taken."""
        return len(election.ballots.all())

    ballots_shown.number = True  # type: ignore[attr-defined]

    @admin.display(description="Result", ordering="winner")
    def result_shown(self, election: Election) -> SafeString | str:
        """Who was elected; or that it is open."""
        return badge("done", str(election.winner)) if election.winner else badge("applicant", "Not decided")

    # The page

    def badge(self, record: Election) -> tuple[str, str]:
        """Who is elected, or where it stands."""
        if record.winner is not None:
            return "done", f"{record.winner} elected"
        found = services.standing_of(record)
        stopped = found.value is not None and found.value.stage.stopped
        return ("suspended" if stopped else "applicant"), stage_of(found) or "Not determined"

    def meeting_of(self, record: Election) -> Meeting:
        """Its meeting."""
        return record.meeting

    def answers(self, request: HttpRequest, record: Election) -> Iterable[Answer]:
        """Where it stands with the arithmetic of every ballot; then who may be elected, or the one who was."""
        found = services.standing_of(record)
        yield Answer("The election", found, stage_of(found))
        for nominee in record.nominees.all():
            if not nominee.declined and record.winner in (None, nominee):
                try:
                    eligible = services.eligibility_of(nominee)
                except ValidationError as open_:
                    eligible = not_determined(*open_.messages)
                yield Answer(f"{nominee}, {nominee.official.agency}", eligible, may_be_elected(eligible))

    def related(self, request: HttpRequest, record: Election) -> Sequence[Related]:
        """Nominations and ballots."""
        return [self._nominations(record), *self._ballots(record)]

    def _nominations(self, record: Election) -> Related:
        rows = []
        for nominee in record.nominees.all():
            by = nominee.get_by_display()
            consent = f"Consented {in_words(nominee.consented_on)}" if nominee.consented_on else ""
            rows.append(Row((nominee, nominee.official.agency, by, "Declined" if nominee.declined else consent)))
        columns = [Column("Nominee"), Column("Agency"), Column("By"), Column("Consent")]
        return Related("Nominations", columns, rows, "Nobody is nominated yet (Bylaws Art. V §8).")

    def _ballots(self, record: Election) -> Iterator[Related]:
        for ballot in record.ballots.all():
            rows = [Row((count.nominee, count.votes)) for count in ballot.counts.all()]
            rows += [Row(("Blank, not counted", ballot.blanks)), Row(("Illegal, counted", ballot.illegal))]
            title = f"Ballot {ballot.number}, {services.clock(ballot.taken_at)}, {ballot.present} present"
            yield Related(title, [Column("For"), Column("Ballots", number=True)], rows, "")
