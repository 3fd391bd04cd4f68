"""Adoption progress as its page shows it: figures, chart, and who is missing what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from membership.rules.adoption import Count
from membership.services import Progress
from nipas_admin.shared import svg
from nipas_admin.shared.dated import Dated, in_words

# The chart ends soon after the collective date: what came later is not adoption.
AFTERWARD = timedelta(days=60)
FILTERS = (
    ("", "All"),
    ("Approval", "Approval"),
    ("Execution", "Execution"),
    ("date", "A date only"),
)


class AdoptionPage:
    """Everything that the page shows; ``wanted`` is the piece by which the table is narrowed."""

    def __init__(self, progress: Progress, wanted: str) -> None:
        self.progress = progress
        self.wanted = wanted if wanted in dict(FILTERS) else ""

    def context(self, asked: QueryDict) -> dict[str, Any]:
        """For ``membership/adoption.html``."""
        return {
            "progress": self.progress,
            "figures": self.figures(),
            "collective": self.collective(),
            "chart": self.chart(),
            "rows": self.rows(),
            "filters": self.filters(asked),
            "wanting_count": len(self.progress.wanting),
        }

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, figure and note of each count."""
        p = self.progress
        return [
            ("Approvals (Agreement §5.A.3)", _of(p.approvals), _needed(p.approvals, p.approvals_reached)),
            ("Executions (Agreement §5.A.4)", _of(p.executions), _needed(p.executions, p.executions_reached)),
            (
                "Approvals of all participating agencies",
                _of(p.participating),
                f"{p.participating.needed} needed, if they were the base (the other reading of R1)",
            ),
        ]

    def collective(self) -> str:
        """What is known of the collective date."""
        collective = self.progress.collective
        if not collective.happened:
            return "The collective date has not come."
        if collective.day is None:
            return f"The collective date came; its day is not known ({collective})."
        return f"The collective date is {in_words(collective.day)}."

    def chart(self) -> SafeString | None:
        """The two counts by day against what is needed; None before the first one."""
        p = self.progress
        last = min(p.day, p.collective.latest + AFTERWARD) if p.collective.latest else p.day
        approvals, executions = _until(p.approval_steps, last), _until(p.execution_steps, last)
        if not approvals and not executions:
            return None
        said = (
            f"By {in_words(p.day)}: {p.approvals.sure} Approvals and {p.executions.sure} Executions with a known day, "
            f"of {p.approvals.base} agencies; {p.approvals.needed} are needed."
        )
        return svg.step_chart(
            "adoption",
            "Approvals and Executions of the amended agreement by day",
            said,
            [
                svg.Series("Approvals", approvals),
                svg.Series("Executions", executions),
                svg.Series("Needed", _until(p.needed_steps, last)),
            ],
        )

    def rows(self) -> list[tuple[Any, str, str, str, str]]:
        """Agency, address, Approval, Execution and what is missing, of those narrowed down to."""
        return [
            (
                w,
                reverse("admin:membership_agency_change", args=[w.agency_id]),
                _words(w.approved),
                _words(w.executed),
                ", ".join(w.missing),
            )
            for w in self.progress.wanting
            if self._is_wanted(w.missing)
        ]

    def _is_wanted(self, missing: tuple[str, ...]) -> bool:
        if self.wanted == "date":
            return all(what.startswith("date of") for what in missing)
        return not self.wanted or self.wanted in missing

    def filters(self, asked: QueryDict) -> list[tuple[str, str, bool, int]]:
        """Label, address, whether it is on, and how many agencies, of each way to narrow the table."""
        links = []
        for value, label in FILTERS:
            query = asked.copy()
            query["missing"] = value
            count = sum(AdoptionPage(self.progress, value)._is_wanted(w.missing) for w in self.progress.wanting)
            links.append((label, f"?{query.urlencode()}#missing", value == self.wanted, count))
        return links


def _of(count: Count) -> str:
    return f"{count.sure} of {count.base}"


def _needed(count: Count, reached: Dated) -> str:
    undated = f"{count.possible} if the undated ones count; " if count.possible != count.sure else ""
    return f"{undated}{count.needed} needed; {f'reached {reached}' if reached.happened else 'not reached yet'}"


def _until(steps: tuple[tuple[date, int], ...], day: date) -> list[tuple[date, int]]:
    return [(on, count) for on, count in steps if on <= day]


def _words(when: Dated) -> str:
    return capfirst(str(when)) if when.happened else "Not recorded"
