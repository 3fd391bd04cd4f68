"""Pages of mutual aid that are no record's: confirming resources, asking who would come, and answering."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from membership.models import Agency
from membership.rules.facts import Status
from nipas_admin.shared import scope
from nipas_admin.shared.admin import REFUSED
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.day import day_of
from nipas_admin.shared.pages import address, framed, may, must, must_see_all
from nipas_admin.shared.refusals import by_field, in_words
from operations import services
from operations.book import start_book
from operations.desk.page import FRESH
from operations.forms.readiness import AnswerForm, AskForm
from operations.map import Mark, area_map
from operations.models import AlarmAssignment, FreshnessRule, Incident, ReadinessInquiry, Resource, ResourceType
from operations.rules.freshness import Freshness, freshness, stale_from
from operations.timeline import agencies_on, places_of

ADDED = ("type", "quantity", "deployable", "note")


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """What stands in the book of all alarm cards on the day; to post prints it, outside the request."""
    must(request, "operations.view_alarmassignment")
    must_see_all(request)
    day = day_of(request)
    if request.method == "POST":
        return redirect("admin:jobs_job_change", start_book(day.chosen, request.user).pk)
    context = {
        "title": "Book of alarm cards", "day": day, "book": services.book_on(day.chosen),
        "may_add": may(request, "add", AlarmAssignment),
    }  # fmt: skip
    return framed(request, "operations/book.html", context)


@require_safe
def region(request: HttpRequest) -> HttpResponse:
    """The region at a glance: every active agency with how fresh its resources are, open incidents and who is sent."""
    must(request, "operations.view_incident")
    must_see_all(request)
    day = timezone.localdate()
    stale = {row.agency.pk for row in services.to_confirm(day, None) if row.stale}
    agencies = [
        replace(place, mark=Mark.STALE, said="resources stale") if pk in stale else place
        for pk, place in agencies_on(day).items()
    ]
    incidents = list(Incident.objects.open().select_related("stricken"))
    busy = [place for incident in incidents for place in places_of(incident)]
    asked = {place.name for place in busy}
    places = [place for place in agencies if place.name not in asked] + busy
    context = {
        "title": "Map", "map": area_map(places, f"The region on {day:%-d %B %Y}", "region"), "incidents": incidents,
        "agencies": len(agencies), "stale": len(stale),
    }  # fmt: skip
    return framed(request, "operations/region.html", context)


@require_safe
def to_confirm(request: HttpRequest) -> HttpResponse:
    """Whom to remind of confirming; an agency is led to its own page."""
    must(request, "operations.view_resource")
    own = scope.agencies_of(request.user)
    if own is not None and len(own) == 1 and may(request, "change", Resource):
        return redirect("operations:confirm", next(iter(own)))
    day = timezone.localdate()
    rows = services.to_confirm(day, own)
    agencies = Agency.objects.active_on(day) if own is None else Agency.objects.filter(pk__in=own)
    context = {
        "title": "To confirm", "rows": rows, "may_confirm": may(request, "change", Resource),
        "agencies": agencies.order_by("name"),
        "addresses": ", ".join(filter(None, (row.agency.email for row in rows))),
    }  # fmt: skip
    return framed(request, "operations/to_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """What an agency holds: confirmed in one press, or changed line by line."""
    must(request, "operations.change_resource")
    own = scope.agencies_of(request.user)
    today = timezone.localdate()
    agency = Agency.objects.filter(pk=pk).with_status_on(today).first()
    if agency is None or (own is not None and pk not in own):
        raise Http404("There is no such agency, or it is not yours.")
    closed = own is not None and Status(agency.status).has_ended
    refused: list[str] = []
    if request.method == "POST" and not closed:
        try:
            with transaction.atomic():
                if "unchanged" in request.POST:
                    services.confirm_unchanged(agency=agency, on=today, by=request.user, seen=request.POST["unchanged"])
                else:
                    _save_lines(request, agency, today)
        except REFUSED as refusal:
            refused = in_words(refusal, Resource).messages
        else:
            until = stale_from(today, FreshnessRule.objects.schedule_on(today))
            messages.success(request, f"Thank you. Confirmed today; fresh until {until:%-d %B %Y}.")
            return redirect("operations:confirm", pk)
    rows = list(Resource.objects.filter(agency=agency).select_related("type").order_by("type__category", "type__name"))
    schedule = FreshnessRule.objects.schedule_on(today)
    lines = [_shown(request, row, today, schedule, bool(refused)) for row in rows]
    known = [row.type_id for row in rows]
    dated = [row.confirmed_on for row in rows]
    oldest = None if None in dated or not dated else min(on for on in dated if on)
    context = {
        "title": "Confirm resources", "agency": agency, "lines": lines, "refused": refused, "closed": closed,
        "until": stale_from(oldest, schedule) if oldest else None, "today": today,
        "figures": services.figures_of(sorted(rows, key=lambda row: row.pk)),
        "types": ResourceType.objects.filter(retired_on__isnull=True).exclude(pk__in=known),
        "sent": {name: request.POST.get(name, "") if refused else "" for name in ADDED},
    }  # fmt: skip
    return framed(request, "operations/confirm.html", context)


def _shown(request: HttpRequest, row: Resource, day: date, schedule: Any, typed: bool) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("quantity", "deployable", "note")}
    if typed:
        values = {name: request.POST.get(f"{name}-{row.pk}", value) for name, value in values.items()}
    return {"row": row, "fresh": FRESH[freshness(row.confirmed_on, day, schedule).value or Freshness.STALE], **values}


def _save_lines(request: HttpRequest, agency: Agency, today: date) -> None:
    """Every changed line through its own door, and all of them confirmed."""
    problems: list[str] = []
    for row in Resource.objects.filter(agency=agency).select_related("type"):
        sent = {name: request.POST.get(f"{name}-{row.pk}") for name in ("quantity", "deployable", "note")}
        if sent["quantity"] is None:
            continue
        try:
            services.record_resource(
                agency=agency, what=row.type, on=today, by=request.user, note=(sent["note"] or "").strip(),
                quantity=_number(sent["quantity"]), deployable=_number(sent["deployable"]),
            )  # fmt: skip
        except ValidationError as refusal:
            problems += [f"{row.type}: {said}" for said in refusal.messages]
    key = request.POST.get("type", "")
    if key:
        what = ResourceType.objects.filter(pk=key).first() if is_key(key) else None
        if what is None:
            problems.append("Choose the type to add from the list.")
        else:
            try:
                services.record_resource(
                    agency=agency, what=what, on=today, by=request.user, note=request.POST.get("note", "").strip(),
                    quantity=_number(request.POST.get("quantity")), deployable=_number(request.POST.get("deployable")),
                )  # fmt: skip
            except ValidationError as refusal:
                problems += [f"{what}: {said}" for said in refusal.messages]
    if problems:
        raise ValidationError(problems)


def _number(text: str | None) -> int:
    text = (text or "").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 6:
        return int(text)
    raise ValidationError(f"“{text[:20]}” is no number: give none (0) or more.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask who would come. The links stand on the page that follows, once."""
    must(request, "operations.add_readinessinquiry")
    must_see_all(request)
    form = AskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                inquiry, tokens = services.ask_readiness(at=timezone.now(), by=request.user, **form.cleaned_data)
        except REFUSED as refusal:
            for name, errors in by_field(in_words(refusal, ReadinessInquiry)).items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            return _links(request, inquiry, tokens)
    return framed(request, "operations/ask.html", {"title": "Ask who would come", "form": form})


def _links(request: HttpRequest, inquiry: ReadinessInquiry, tokens: dict[int, str]) -> HttpResponse:
    """Each link, shown this once, with the mail that sends it."""
    agencies = Agency.objects.filter(pk__in=tokens).order_by("name")
    links = [
        (agency, request.build_absolute_uri(reverse("operations:answer", args=[tokens[agency.pk]])))
        for agency in agencies
    ]
    until = date_format(localtime(inquiry.closes_at), "j F Y, H:i")
    story = Truncator(inquiry.scenario).chars(600)
    rows = []
    for agency, link in links:
        asked = f"{agency} is asked. Not binding, and for emergencies only. Answer once, until {until}:"
        mail = {"subject": f"Would you come? {inquiry.title}", "body": f"{story}\n\n{asked}\n{link}\n"}
        rows.append((agency, link, urlencode(mail, quote_via=quote)))
    context = {"title": "Links to send", "links": rows, "inquiry": inquiry, "inquiry_url": address(inquiry)}
    return framed(request, "operations/links.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the silent with new links; the page that follows shows them, once."""
    must(request, "operations.change_readinessinvitation")
    must_see_all(request)
    inquiry = get_object_or_404(ReadinessInquiry, pk=pk)
    if request.method == "POST":
        try:
            return _links(request, inquiry, services.renew_links(inquiry=inquiry, at=timezone.now()))
        except REFUSED as refusal:
            for said in in_words(refusal, ReadinessInquiry).messages:
                messages.error(request, said)
            return redirect(address(inquiry))
    silent = inquiry.invitations.silent().select_related("agency").order_by("agency__name")
    return framed(
        request, "operations/new_links.html", {"title": "New links", "inquiry": inquiry, "silent": silent,
                                               "inquiry_url": address(inquiry)}
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The answer of a chief or sheriff, by the link that was sent; without signing in."""
    try:
        invitation = services.invitation_of(token)
    except ValidationError as refusal:
        return _told(request, refusal.messages[0], 404)
    now = timezone.now()
    if invitation.reply:
        said = f"This link was used already: {invitation.agency} answered {invitation.get_reply_display().lower()}."
        return _told(request, f"{said} Ask the coordinator to change it.", 410)
    if now >= invitation.inquiry.closes_at:
        return _told(request, "The time to answer has passed. Call the coordinator.", 410)
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            form.record(invitation, now)
        except REFUSED as refusal:
            for name, errors in by_field(in_words(refusal, ReadinessInquiry)).items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            return _told(request, f"Thank you. The answer of {invitation.agency} is recorded.", 200)
    context = {"title": "Would you come?", "invitation": invitation, "form": form}
    response = framed(request, "operations/answer.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


def _told(request: HttpRequest, said: str, status: int) -> HttpResponse:
    response = framed(request, "operations/answer.html", {"title": "Readiness inquiry", "said": said})
    response.status_code = status
    return response
