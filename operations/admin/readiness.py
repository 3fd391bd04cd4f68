"""Readiness inquiries: asked on a page of its own, answered by link or through the coordinator, added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from nipas_admin.shared import scope
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.furniture import Column, Related, Row
from nipas_admin.shared.pages import Button
from operations import resources, services
from operations.admin.pages import ReadPage
from operations.forms.readiness import AnswerByPhoneForm, RemindForm
from operations.models import ReadinessInquiry, ReadinessInvitation
from operations.rules.readiness import Reply
from operations.tally_chart import tally_chart


@admin.register(ReadinessInquiry)
class ReadinessInquiryAdmin(ReadPage):
    """Readiness inquiries."""

    resource_classes = [resources.ReadinessInquiryResource]
    adds_at = cast("str", reverse_lazy("operations:ask_readiness"))
    change_form_template = "operations/inquiry_page.html"
    acts = (AnswerByPhoneForm, RemindForm)
    list_display = ["title", "team", "asked_shown", "closes_shown", "answered_shown"]
    list_filter = ["team"]
    list_select_related = ["team"]
    search_fields = ["title", "scenario", "asked_for"]
    empty_list = "Nobody was asked yet: ask a team, or agencies one by one, whether they would come."

    class Media:
        css = {"all": ["operations/operations.css"]}

    def limit(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """For those who sign in for an agency the inquiries it was asked."""
        agencies = scope.agencies_of(request.user)
        if agencies is None:
            return rows
        asked = ReadinessInvitation.objects.filter(inquiry=OuterRef("pk"), agency__in=agencies)
        return rows.filter(Exists(asked))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many were asked and answered: for an agency, of its own."""
        agencies = scope.agencies_of(request.user)
        own = Q() if agencies is None else Q(invitations__agency__in=agencies)
        rows = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(
            asked_count=Count("invitations", filter=own),
            answered_count=Count("invitations", filter=own & ~Q(invitations__reply="")),
        )
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was asked."""
        return [(None, {"fields": ["title", "scenario", "asked_for", "team", "asked_shown", "closes_shown"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Moments as read."""
        return ["asked_shown", "closes_shown"]

    @admin.display(description="Asked", ordering="asked_at")
    def asked_shown(self, inquiry: ReadinessInquiry) -> str:
        """Day and minute."""
        return date_format(localtime(inquiry.asked_at), "j M Y, H:i")

    @admin.display(description="Answers until", ordering="closes_at")
    def closes_shown(self, inquiry: ReadinessInquiry) -> str:
        """Day and minute."""
        return date_format(localtime(inquiry.closes_at), "j M Y, H:i")

    @admin.display(description="Answered")
    def answered_shown(self, inquiry: Any) -> str:
        """``7 of 12``."""
        return f"{inquiry.answered_count} of {inquiry.asked_count}"

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form, knowing the hour."""
        form = super().act_form(request, act, record)
        form.now = timezone.now()  # type: ignore[attr-defined]
        return form

    def page_of(self, request: HttpRequest, record: ReadinessInquiry) -> dict[str, Any]:
        """With the answers added up, for those who work for the whole body."""
        page = super().page_of(request, record)
        if scope.agencies_of(request.user) is None:
            tally = services.tally_of(record)
            page |= {"tally": tally, "chart": tally_chart(tally)}
        return page

    def buttons(self, request: HttpRequest, record: ReadinessInquiry) -> Iterator[Button]:
        """The acts, and new links while somebody is silent and may still answer."""
        yield from super().buttons(request, record)
        able = request.user.has_perm(RemindForm.permission) and scope.agencies_of(request.user) is None
        if able and RemindForm.applies_to(record):
            yield Button("New links", reverse("operations:new_links", args=[record.pk]))

    def related(self, request: HttpRequest, record: ReadinessInquiry) -> Sequence[Related]:
        """Who answered what; an agency sees its own answer."""
        agencies = scope.agencies_of(request.user)
        rows = record.invitations.select_related("agency").order_by("agency__name")
        if agencies is not None:
            rows = rows.filter(agency__in=agencies)
        shown = [Row(_cells(row)) for row in rows]
        columns = [
            Column("Agency"), Column("Answer"), Column("How many", number=True), Column("Within hours", number=True),
            Column("Condition or reason"), Column("By"), Column("Reminded"),
        ]  # fmt: skip
        tables = [Related("Answers", columns, shown, "Nobody is asked.")]
        if agencies is None:
            tally = services.tally_of(record)
            by_reply = [Row((reply.label, tally.replies.get(reply, 0))) for reply in Reply]
            by_reply.append(Row(("No answer yet", tally.silent)))
            tables.insert(
                0, Related("By answer", [Column("Answer"), Column("Agencies", number=True)], by_reply, "Nobody.")
            )
            hours = [Row((f"Within {hour} h", tally.sure[hour], tally.conditional[hour])) for hour in tally.sure]
            heads = [Column("People"), Column("Sure", number=True), Column("On a condition", number=True)]
            tables.insert(1, Related("By hour", heads, hours, "Nobody."))
        return tables


def _cells(row: ReadinessInvitation) -> tuple[object, ...]:
    by = f"{row.replied_by}{' (by telephone)' if row.by_coordinator else ''}"
    reminded = date_format(localtime(row.reminded_at), "j M, H:i") if row.reminded_at else ""
    people = "" if row.people is None else row.people
    hours = "" if row.hours is None else row.hours
    return (row.agency, row.get_reply_display() or "No answer yet", people, hours, row.reason, by, reminded)
