"""Orders of pocket cards: what waits first, sent one by one or several at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from documents.admin import RecordPage
from nipas_admin.shared import scope
from nipas_admin.shared.acts import ActForm
from nipas_admin.shared.badges import badge
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Fact, Finding
from nipas_admin.shared.pages import Answer, Button
from operations import resources
from operations.forms.pocket_cards import OrderForm, SendForm, SendSeveralForm, TakeBackSendingForm
from operations.models import PocketCardOrder
from operations.models.pocket_cards import CARDS_ON_A_SHEET

LIST = "admin:operations_pocketcardorder_changelist"


class SentFilter(admin.SimpleListFilter):
    """Waiting or sent."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The two states."""
        return [("waiting", "Waiting"), ("sent", "Sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in the state."""
        if self.value() not in {"waiting", "sent"}:
            return queryset
        return queryset.filter(sent_on__isnull=self.value() == "waiting")


@admin.action(description="Record as sent", permissions=["change"])
def send_chosen(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """On to the page that asks on which day, with these ticked."""
    chosen = ",".join(str(pk) for pk in rows.order_by().values_list("pk", flat=True))
    return redirect(f"{reverse('admin:operations_pocketcardorder_send_several')}?orders={chosen}")


@admin.register(PocketCardOrder)
class PocketCardOrderAdmin(RecordPage):
    """Orders of pocket cards."""

    resource_classes = [resources.PocketCardOrderResource]
    agency_path = "agency"
    form = OrderForm
    acts = (SendForm, TakeBackSendingForm)
    actions = [send_chosen]
    fields = ["agency", "quantity", "ordered_on", "deliver_to", "note"]
    autocomplete_fields = ["agency"]
    list_display = ["agency", "quantity", "ordered_on", "deliver_to", "state_shown"]
    list_filter = [SentFilter]
    list_select_related = ["agency"]
    search_fields = ["agency__name", "agency__city", "deliver_to", "note"]
    search_help_text = "Agency, town, or whom the cards go to"
    ordering = [F("sent_on").desc(nulls_first=True), "ordered_on", "pk"]
    empty_list = "Nobody ordered pocket cards yet: they are free. Add an order with the number of cards."

    # Ordering

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may, until it is sent."""
        return super().has_change_permission(request, obj) and (obj is None or obj.sent_on is None)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Ordered today; by the agency for which one signs in."""
        own = scope.agencies_of(request.user) or ()
        known = {"ordered_on": timezone.localdate()} | ({"agency": next(iter(own))} if len(own) == 1 else {})
        return {**known, **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, knowing the day."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.today = timezone.localdate()
        return form

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the orders, where it waits."""
        return HttpResponseRedirect(reverse(LIST))

    # Sending

    def get_urls(self) -> list[Any]:
        """The stock pages, and the one on which several are sent at once."""
        several = self.admin_site.admin_view(self.send_several)
        return [path("send/", several, name="operations_pocketcardorder_send_several"), *super().get_urls()]

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form of an act; sending knows the day."""
        if issubclass(act, SendForm):
            act = partial(act, today=timezone.localdate())  # type: ignore[assignment]
        return super().act_form(request, act, record)

    def send_several(self, request: HttpRequest) -> HttpResponse:
        """What waits, to be ticked; those chosen in the list are. Afterwards back to the list."""
        if not request.user.has_perm(SendSeveralForm.permission) or scope.agencies_of(request.user) is not None:
            raise PermissionDenied
        form = self.act_form(request, SendSeveralForm, None)
        asked = request.GET.get("orders")
        waiting: Any = form.fields["orders"]
        form.initial["orders"] = [key for key in asked.split(",") if is_key(key)] if asked else list(waiting.queryset)
        answer = self.run(request, form)
        return redirect(LIST) if isinstance(answer, HttpResponseRedirect) else answer

    # What is shown

    def badge(self, record: PocketCardOrder) -> tuple[str, str]:
        """Waiting or sent."""
        return ("done", f"Sent {in_words(record.sent_on)}") if record.sent_on else ("open", "Waiting")

    @admin.display(description="State", ordering="sent_on")
    def state_shown(self, order: PocketCardOrder) -> SafeString:
        """Waiting or sent."""
        return badge(*self.badge(order))

    def answers(self, request: HttpRequest, record: PocketCardOrder) -> Iterable[Answer]:
        """How many sheets are printed for it; for those who print."""
        if scope.agencies_of(request.user) is not None:
            return
        cards, sheets = _many(record.quantity, "card"), _many(record.sheets, "sheet")
        over = record.sheets * CARDS_ON_A_SHEET - record.quantity
        facts = [Fact(f"{cards}, ten on a sheet of two sides")]
        if over:
            facts.append(Fact(f"{_many(over, 'card')} left over"))
        yield Answer("What is printed for it?", Finding(record.sheets, tuple(facts)), sheets)

    def buttons(self, request: HttpRequest, record: PocketCardOrder) -> Iterator[Button]:
        """The acts, and the way to the cards, ready to print."""
        yield from super().buttons(request, record)
        if record.sent_on is None and scope.agencies_of(request.user) is None:
            yield Button("Print pocket cards", reverse("operations:letter", args=["pocket"]))


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
