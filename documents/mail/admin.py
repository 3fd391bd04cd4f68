"""The screens of the outbox: what went out, what waits, and what needs a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from documents.mail import outbox
from documents.mail.forms import CHANGE, CancelForm, DecideForm, TryAgainForm
from documents.models import OutgoingMail
from nipas_admin.shared.badges import badge
from nipas_admin.shared.pages import PageAdmin, address, must, must_see_all

State = OutgoingMail.State
LOOKS = {
    State.WAITING: "prospect",
    State.SENDING: "notice_pending",
    State.SENT: "done",
    State.FAILED: "overdue",
    State.NOT_KNOWN: "not_determined",
    State.CANCELLED: "ended",
}
OF_THE_MAIL = ["to", "subject", "body", "papers_shown"]
OF_ITS_WAY = ["remark", "asked", "begun", "gone", "attempts", "message_id", "key"]


def moment(field: str, label: str) -> Any:
    """When, to the minute; empty before it happened."""

    @admin.display(description=label, ordering=field)
    def shown(self: Any, mail: OutgoingMail) -> str:
        at = getattr(mail, field)
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else ""

    return shown


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PageAdmin):
    """Outgoing mail. It is queued where its papers are; here one looks, cancels, tries again and decides."""

    acts = (DecideForm, TryAgainForm, CancelForm)
    actions = None
    change_list_template = "admin/documents/outgoingmail/change_list.html"
    list_display = ["subject", "standing", "to_shown", "queued", "gone"]
    list_filter = ["state"]
    search_fields = ["subject", "to", "=key", "=message_id"]
    search_help_text = "Subject or address"
    empty_list = (
        "No mail has been sent yet. Invoices, reminders and notices that are sent by e-mail are listed here, each with "
        "what became of it."
    )
    queued = moment("queued_at", "Queued")
    gone = moment("sent_at", "Sent")
    begun = moment("claimed_at", "Last begun")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: mail is queued where its papers are."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: it has its acts."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it says, and what became of it."""
        known = {"remark": obj.remark, "begun": obj.claimed_at, "gone": obj.sent_at, "attempts": obj.attempts}
        of_its_way = [name for name in OF_ITS_WAY if known.get(name, True)]
        return [(None, {"fields": OF_THE_MAIL}), ("What became of it", {"fields": of_its_way})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything."""
        return [*OF_THE_MAIL, *OF_ITS_WAY]

    def badge(self, record: OutgoingMail) -> tuple[str, str]:
        """Where it stands."""
        if record.state == State.SENT and record.remark and record.sent_at:
            return "missing", "Sent, but not to all"
        return LOOKS[State(record.state)], record.get_state_display()

    @admin.display(description="Status", ordering="state")
    def standing(self, mail: OutgoingMail) -> SafeString:
        """The same, in the list."""
        return badge(*self.badge(mail))

    @admin.display(description="To", ordering="to")
    def to_shown(self, mail: OutgoingMail) -> str:
        """The addresses, as far as they fit."""
        return Truncator(mail.to).chars(80)

    @admin.display(description="Asked")
    def asked(self, mail: OutgoingMail) -> str:
        """By whom and when."""
        return f"{mail.requested_by}, {date_format(localtime(mail.queued_at), 'DATETIME_FORMAT')}"

    @admin.display(description="Papers")
    def papers_shown(self, mail: OutgoingMail) -> str | SafeString:
        """What is attached, each paper a link to its bytes."""
        papers = [
            (reverse("admin:documents_paper_file", args=[paper.pk]), paper) for paper in mail.papers.order_by("number")
        ]
        return (
            format_html_join(SafeString("<br>"), '<a href="{}?inline=1" target="_blank" rel="noopener">{}</a>', papers)
            or "None attached"
        )

    # Sending what waits

    def get_urls(self) -> list[Any]:
        """The pages, and the act on all that waits."""
        send = path("send/", self.admin_site.admin_view(self.send_view), name="documents_outgoingmail_send")
        return [send, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; above it what there is to know of the way out, and what waits."""
        rows = self.get_queryset(request)
        waiting = rows.filter(state=State.WAITING).count()
        may_send = waiting and request.user.has_perm(CHANGE)
        known = {
            "where_mail_goes": outbox.where_mail_goes(),
            "waiting": waiting,
            "undecided": rows.filter(state=State.NOT_KNOWN).count(),
            "send_url": reverse("admin:documents_outgoingmail_send") if may_send else "",
        }
        return super().changelist_view(request, {**known, **(extra_context or {})})

    @method_decorator(require_POST)
    def send_view(self, request: HttpRequest) -> HttpResponse:
        """Start sending; its page shows how far it is."""
        must(request, CHANGE)
        must_see_all(request)
        job = outbox.start_sending(user=request.user)
        if job is not None:
            return HttpResponseRedirect(address(job))
        self.message_user(request, outbox.where_mail_goes() or "No mail waits.", messages.WARNING)
        return HttpResponseRedirect(reverse("admin:documents_outgoingmail_changelist"))
