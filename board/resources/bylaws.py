"""The versions of the bylaws as a table: their days, figures and thresholds; the text is loaded, not tabled."""

from __future__ import annotations

import re
from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget

from board.models import BylawsVersion, DecisionThreshold
from board.rules.terms import Base, Decision
from nipas_admin.shared.columns import YesNoWidget, text_of
from nipas_admin.shared.records import saved
from nipas_admin.shared.resources import RecordResource

Typed = tuple[bool, int, int, str]
OF = {
    "votes cast": Base.CAST,
    "those present": Base.PRESENT,
    "all entitled": Base.ENTITLED,
    "all seats": Base.SEATS,
}
WRITTEN = re.compile(r"(more than|at least)\s+(\d{1,4})/(\d{1,4})\s+of\s+(.+)", re.IGNORECASE)


def in_words(threshold: Typed) -> str:
    """``more than 1/2 of all entitled``."""
    exceeds, numerator, denominator, base = threshold
    of = next(words for words, value in OF.items() if value.value == base)
    return f"{'more than' if exceeds else 'at least'} {numerator}/{denominator} of {of}"


class ThresholdWidget(Widget):
    """How many votes carry: ``at least 2/3 of all entitled``."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Typed | None:
        """The threshold; None when blank. Raises ValueError in words."""
        text = text_of(value)
        if not text:
            return None
        found = WRITTEN.fullmatch(text)
        base = OF.get(" ".join(found[4].casefold().split())) if found else None
        if found is None or base is None:
            raise ValueError(f"“{text}” cannot be read. Write more than 1/2, or at least 2/3, of: {'; '.join(OF)}.")
        share = int(found[2]), int(found[3])
        if not 0 < share[0] <= share[1]:
            raise ValueError(f"“{text}”: a share is more than nothing and at most the whole.")
        return found[1].casefold() == "more than", *share, base.value


class ThresholdColumn(Field):
    """The threshold of one kind of decision, kept in a row of its own."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"votes_{decision.value}", f"votes_{decision.value}", ThresholdWidget())
        self.decision = decision

    def save(self, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Hold it until the version is written."""
        instance.__dict__.setdefault("typed", {})[self.decision] = self.clean(row)

    def export(self, instance: Any, **kwargs: Any) -> str:
        """As typed in this table, else as stored."""
        typed = instance.__dict__.get("typed", {})
        threshold = typed[self.decision] if self.decision in typed else self.stored(instance)
        return in_words(threshold) if threshold else ""

    def stored(self, instance: Any) -> Typed | None:
        """As it is stored; None for none."""
        for row in instance.thresholds.all() if instance.pk else ():
            if row.decision == self.decision.value:
                return row.exceeds, row.numerator, row.denominator, row.base
        return None


class BylawsVersionResource(RecordResource):
    """Versions of the bylaws: by title."""

    about = (
        "A row is a version of the bylaws. Where the body holds no copy, figures_known is no and the figures stay as "
        "they are. How many votes carry is written “more than 1/2 of those present”, “at least 2/3 of all entitled”, "
        "“at least 3/4 of all entitled”, “more than 1/2 of votes cast”. The text is loaded with manage.py "
        "load_instrument or on the version's page."
    )
    natural_keys = [("title",)]
    terms_known = Field("terms_known", "figures_known", YesNoWidget())
    votes_board = ThresholdColumn(Decision.BOARD)
    votes_assembly = ThresholdColumn(Decision.ASSEMBLY)
    votes_removal = ThresholdColumn(Decision.REMOVAL)
    votes_amendment = ThresholdColumn(Decision.AMENDMENT)
    votes_objection = ThresholdColumn(Decision.OBJECTION)
    votes_dissolution = ThresholdColumn(Decision.DISSOLUTION)
    votes_election = ThresholdColumn(Decision.ELECTION)

    class Meta(RecordResource.Meta):
        model = BylawsVersion
        fields = [
            "title", "adopted_on", "state", "in_force_on", "not_before_on", "not_after_on", "source", "terms_known",
            "board_quorum", "at_large_seats", "notice_days", "eligibility_months", "dissolution_days",
            "nominating_members", "elected_years", "appointed_years", "past_president_years", "at_large_years",
            "fiscal_month", "fiscal_day", "good_standing", *(f"votes_{decision.value}" for decision in Decision),
            "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    @property
    def several(self) -> list[str]:
        """Attributes that hold several other records."""
        return [*super().several, "thresholds"]

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Write the thresholds that the table gives; one left blank stays as it is."""
        stored = {threshold.decision: threshold for threshold in instance.thresholds.all()}
        for decision, typed in instance.__dict__.pop("typed", {}).items():
            if typed is None:
                continue
            threshold = stored.get(decision.value) or DecisionThreshold(bylaws=instance, decision=decision.value)
            threshold.exceeds, threshold.numerator, threshold.denominator, threshold.base = typed
            threshold._change_reason, threshold._history_user = self.reason, kwargs.get("user")
            saved(threshold)
        super().after_save_instance(instance, row, **kwargs)
