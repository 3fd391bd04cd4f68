"""The screens of reminders: who gets which letter, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from documents.admin import paper_shown
from documents.letters import kinds_for
from documents.printing import print_many
from finance import resources
from finance.admin.pages import BookedPage
from finance.admin.payments import link
from finance.admin.shown import dollars
from finance.forms.reminders import RemindForm
from finance.models import Reminder
from nipas_admin.shared import money
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.furniture import Column, Related, Row

LETTER = "finance.reminder"


@admin.register(Reminder)
class ReminderAdmin(BookedPage):
    """Letters that remind of what is past due: to whom, which, when, how much stood open."""

    resource_classes = [resources.ReminderResource]
    agency_path = "agency"
    adds = RemindForm
    list_display = ["agency_name", "level_shown", "sent_on", "how", "amount_shown"]
    list_filter = ["level", "how", "sent_on"]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "agency__public_body"]
    search_help_text = "Agency or public body"
    amount_shown = dollars("amount", "Past due")
    letter_shown = paper_shown("letter", "Letter on file")
    readonly_fields = ["agency", "level_shown", "sent_on", "how", "amount_shown", "letter_shown", "sent_by"]
    fieldsets = [(None, {"fields": [*readonly_fields]})]
    empty_list = (
        "No reminder was sent yet. Open “Send reminders”: it lists who is past due today, and which letter is next."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The latest first."""
        return super().get_queryset(request).order_by("-sent_on", "agency__name")

    def run(self, request: HttpRequest, form: ActForm, record: Any = None) -> HttpResponse:
        """The act, with the table of who is past due; then the letters, or the list of what was recorded."""
        answer = super().run(request, form, record)
        if not isinstance(form, RemindForm):
            return answer
        kind = next((one for one in kinds_for(Reminder, request.user) if one.name == LETTER), None)
        if isinstance(answer, TemplateResponse):
            answer.template_name = "finance/send_reminders.html"
            answer.context_data = {**(answer.context_data or {}), "prints": kind is not None}
            return answer
        if kind is not None and "print" in request.POST:
            job = print_many(kind, [one.pk for one in form.sent], form.cleaned_data["on"], request.user)
            return redirect("admin:jobs_job_change", job.pk)
        sent = urlencode({"sent_on__exact": form.cleaned_data["on"].isoformat()})
        return HttpResponseRedirect(f"{reverse('admin:finance_reminder_changelist')}?{sent}")

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """The invoices it named."""
        items = record.items.select_related("invoice__fiscal_year", "invoice__agency", "invoice__team")
        rows = [
            Row(
                (item.invoice.reference, item.invoice.what, in_words(item.invoice.due_on), money.shown(item.balance)),
                link(request, item.invoice),
            )
            for item in items
        ]
        columns = [Column("Invoice"), Column("For"), Column("Due"), Column("Open then", number=True)]
        return [Related("What it named", columns, rows, "It named no invoice.")]

    @admin.display(description="Agency", ordering="agency__name")
    def agency_name(self, reminder: Reminder) -> str:
        """To whom."""
        return reminder.agency.name

    @admin.display(description="Letter", ordering="level")
    def level_shown(self, reminder: Reminder) -> str:
        """Which of the three."""
        return f"{('First', 'Second', 'Third')[reminder.level - 1]} letter"
