"""Disbursements as a table, to read: each with its steps, who did them and when (Bylaws Art. X)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from import_export.fields import Field

from finance.models import Disbursement
from finance.resources.parts import BooksResource, fiscal_year, motion, shown
from finance.rules.spending import step_of
from nipas_admin.shared.columns import DayWidget

STEPS = [
    "reviewed_on", "reviewed_by", "reviewed_as", "approved_on", "approved_by", "paid_on", "paid_by", "check_number",
    "from_account", "signed_by", "checks_void", "reported_on", "reported_to",
]  # fmt: skip


class DisbursementResource(BooksResource):
    """Disbursements, to read: what for, how far each is, and every step."""

    reference = shown("reference", "reference")
    fiscal_year = fiscal_year(readonly=True)
    fund = shown("fund", "fund")
    category = shown("category", "category")
    refunds = shown("refunds__reference", "refunds")
    motion = motion("motion")
    requested_by = shown("requested_by", "requested_by")
    declined_on = Field("declined_on", "declined_on", DayWidget(), readonly=True)
    declined_because = shown("declined_because", "declined_because")
    following = ("fund", "category", "refunds", "motion__meeting", "requested_by", "declined_by")

    class Meta(BooksResource.Meta):
        model = Disbursement
        fields = [
            "reference", "fiscal_year", "nature", "payee", "purpose", "amount", "fund", "category", "refunds", "motion",
            "requested_on", "requested_by", "declined_on", "declined_because", "note",
        ]  # fmt: skip
        export_order = fields

    def headings(self) -> list[str]:
        """The names of the columns, the step and those of each step last."""
        return [*super().headings(), "step", *STEPS]

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        fields = self.get_export_fields()
        rows = queryset.select_related(
            *self.followed, "fiscal_year", "review__by", "review__approval__by"
        ).prefetch_related(
            "review__approval__payments__institution",
            "review__approval__payments__signed_by",
            "review__approval__payments__report__meeting",
        )
        for row in rows:
            cells = [self.export_field(field, row, force_native_type=True) for field in fields]
            yield [*cells, step_of(row.course).label, *_steps(row)]


def _steps(row: Disbursement) -> list[Any]:
    """What is recorded of each step, blank where there is nothing yet."""
    review = getattr(row, "review", None)
    approval = getattr(review, "approval", None)
    checks = list(approval.payments.all()) if approval else []
    paid = next((one for one in checks if one.voided_on is None), None)
    report = getattr(paid, "report", None)
    void = "; ".join(f"{one} ({one.void_reason})" for one in checks if one.voided_on is not None)
    return [
        *((review.on, str(review.by), review.capacity) if review else ("", "", "")),
        *((approval.on, str(approval.by)) if approval else ("", "")),
        *((paid.paid_on, paid.get_method_display(), paid.check_number) if paid else ("", "", "")),
        *((str(paid.institution), str(paid.signed_by)) if paid else ("", "")),
        void,
        *((report.on, str(report.meeting)) if report else ("", "")),
    ]
