"""The pages of the alarm desk. Here the clock is read, and nowhere below.

Every press is a plain post that leads back to the desk; where there is script, only the desk is exchanged. A press
carries its moment: what comes twice with one moment, because the network was slow, counts once. What is refused stays
typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from membership.models import Agency
from nipas_admin.shared import scope
from nipas_admin.shared.admin import REFUSED
from nipas_admin.shared.choosing import is_key
from nipas_admin.shared.pages import address, framed, may, must, must_see_all
from nipas_admin.shared.refusals import in_words
from operations import services
from operations.desk.page import BLANK, Typed, context_of, cursor_of
from operations.forms.fields import agency_named, minute, place_named
from operations.forms.incidents import NewIncidentForm, SameCall, read_wanted
from operations.models import Aid, AlarmAssignment, Incident, RequestLine, ResourceType
from operations.rules.incidents import Step

# The moment that each press records.
FIELDS = {step.value: f"{step.value}_at" for step in Step if step is not Step.ASKED} | {"told": "told_stricken_at"}
LATE = 12 * 60 * 60  # seconds: a press that waited longer is set at the moment it arrives


def _incident(request: HttpRequest, pk: int, permission: str = "operations.view_incident") -> Incident:
    """The incident, for those who work for the whole body and may do this."""
    must(request, permission)
    must_see_all(request)
    found: Incident = get_object_or_404(Incident.objects.select_related("stricken", "assignment"), pk=pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new incident: typed while somebody speaks, opened with Enter."""
    must(request, NewIncidentForm.permission)
    must_see_all(request)
    form = NewIncidentForm(request.POST or None, subject=None, user=request.user, at=timezone.now())
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                incident = form.act()
        except SameCall as open_already:
            return redirect("operations:desk", open_already.incident.pk)
        except REFUSED as refusal:
            form.refuse(in_words(refusal, Incident))
        else:
            return redirect("operations:desk", incident.pk)
    screen: Any = admin.site._registry[Incident]
    fields: Any = form
    context = {
        "title": form.label, "act": form, "adminform": AdminForm(fields, form.fieldsets, {}, (), screen),
        "types": list(ResourceType.objects.filter(retired_on__isnull=True)),
    }  # fmt: skip
    return framed(request, "operations/new.html", context)


@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk of an incident."""
    return _shown(request, _incident(request, pk), Typed())


def _shown(request: HttpRequest, incident: Incident, typed: Typed) -> HttpResponse:
    """The desk, with what was typed and refused."""
    runs = may(request, "change", Incident)
    context = context_of(incident, timezone.localtime(), runs=runs, typed=typed)
    context |= {
        "title": str(incident), "incident_url": address(incident), "may_open": request.user.has_perm(
            NewIncidentForm.permission
        ),
        "agencies": Agency.objects.order_by("name").values_list("name", flat=True) if context["runs"] else [],
    }  # fmt: skip
    # Where there is script, only the desk is asked for.
    part = bool(getattr(request, "htmx", False))
    response = framed(request, "operations/_part.html" if part else "operations/desk.html", context)
    response["Cache-Control"] = "no-store"
    response.status_code = 422 if typed.form else 200
    return response


@require_safe
def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing while the desk shows all there is; else a line that says that somebody else pressed."""
    incident = _incident(request, pk)
    if request.GET.get("since", "") == cursor_of(incident):
        return HttpResponse(status=204)
    return framed(request, "operations/_changed.html", {"incident": incident})


def _moment(request: HttpRequest) -> datetime:
    """When it happened: the minute typed, else the moment of the press, else now. Raises ValidationError."""
    now = timezone.now()
    if typed := request.POST.get("at", "").strip():
        return minute(typed, now)
    pressed = parse_datetime(request.POST.get("pressed", "")[:40] or "x")
    if pressed is None or timezone.is_naive(pressed) or not 0 <= (now - pressed).total_seconds() <= LATE:
        return now
    return pressed


def _came(request: HttpRequest, is_recorded: bool) -> bool:
    """Did this very press come before? Only one that carries its moment can be told from another."""
    return bool(request.POST.get("pressed")) and is_recorded


def _tell(request: HttpRequest, refusal: Exception) -> None:
    for said in in_words(refusal, Aid).messages:
        messages.error(request, said)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """One press: what an agency answered, or where it is now."""
    incident = _incident(request, pk, "operations.change_incident")
    aid = get_object_or_404(Aid.objects.select_related("line__incident"), pk=key, line__incident=incident)
    if request.method != "POST":
        return redirect("operations:desk", pk)
    name, _, because = request.POST.get("step", "").partition(":")
    try:
        at = _moment(request)
        if _came(request, name in FIELDS and getattr(aid, FIELDS[name]) == at):
            return redirect("operations:desk", pk)
        if name == "told":
            services.tell_stricken(aid=aid, at=at)
        elif name in FIELDS:
            services.record_step(aid=aid, step=Step(name), at=at, **_particulars(request, Step(name), because, at))
        else:
            raise ValidationError("Nothing was recorded: press one of the answers.")
    except REFUSED as refusal:
        _tell(request, refusal)
        return _shown(request, incident, Typed("step", request.POST.dict(), aid.pk))
    return redirect("operations:desk", pk)


def _particulars(request: HttpRequest, step: Step, because: str, at: datetime) -> dict[str, Any]:
    """What belongs to the step."""
    sent = request.POST
    if step is Step.DECLINED:
        reason = because if because in Aid.Declined.values else ""
        told = {"told_stricken_at": at} if sent.get("told") else {}
        return {"declined_because": reason, "reason": sent.get("reason", ""), **told}
    if step is Step.ON_SCENE:
        return {"position": sent.get("position", "")}
    if step is Step.ACCEPTED and sent.get("quantity"):
        return {"quantity": _number(sent["quantity"]), "beyond": bool(sent.get("beyond"))}
    if step is Step.ACCEPTED:
        return {"beyond": bool(sent.get("beyond"))}
    if step is Step.RELEASED and sent.get("own"):
        return {"released_because": Aid.Released.OWN_DECISION, "reason": sent.get("reason", "")}
    return {}


def _number(text: str) -> int:
    text = text.strip()
    if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text):
        return int(text)
    raise ValidationError(f"“{text[:20]}” is no number of units: give one or more.")


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """An act on the incident itself: ask, note, a further line, an alarm level, close."""
    incident = _incident(request, pk, "operations.change_incident")
    kind = ACTS.get(slug)
    if kind is None:
        raise Http404("There is no such act.")
    if request.method != "POST":
        return redirect("operations:desk", pk)
    try:
        with transaction.atomic():
            kind(request, incident, _moment(request))
    except REFUSED as refusal:
        _tell(request, refusal)
        if slug in BLANK:
            incident.refresh_from_db()
            return _shown(request, incident, Typed(slug, request.POST.dict()))
    return redirect("operations:desk", pk)


def _line(request: HttpRequest, incident: Incident) -> RequestLine:
    key = request.POST.get("line", "")
    line: RequestLine | None = incident.lines.filter(pk=key).first() if is_key(key) else None
    if line is None:
        raise ValidationError("Choose for which line of the request.")
    return line


def _ask(request: HttpRequest, incident: Incident, at: datetime) -> None:
    """Everybody shown, or the one pressed."""
    line = _line(request, incident)
    one = request.POST.get("one", "")
    offers = [one] if one else request.POST.getlist("offer")
    if not offers:
        raise ValidationError("Nobody is left to ask: choose an agency by name.")
    for offer in offers:
        key, _, quantity = offer.partition(":")
        agency = Agency.objects.filter(pk=key).first() if is_key(key) else None
        if agency is None:
            raise ValidationError("This agency is not on the roll: choose one by name.")
        if _came(request, line.aid.filter(agency=agency, asked_at=at).exists()):
            continue
        try:
            with transaction.atomic():
                services.ask(line=line, agency=agency, quantity=_number(quantity), at=at, by=request.user)
        except REFUSED as refusal:
            _tell(request, refusal)  # the others are asked all the same


def _choose(request: HttpRequest, incident: Incident, at: datetime) -> None:
    """An agency of one's own choice."""
    line, agency = _line(request, incident), agency_named(request.POST.get("agency", ""))
    if not _came(request, line.aid.filter(agency=agency, asked_at=at).exists()):
        services.ask(
            line=line, agency=agency, quantity=_number(request.POST.get("quantity", "")), at=at, by=request.user,
            beyond=bool(request.POST.get("beyond")),
        )  # fmt: skip


def _note(request: HttpRequest, incident: Incident, at: datetime) -> None:
    text = request.POST.get("text", "").strip()
    if not _came(request, incident.notes.filter(text=text, at=at).exists()):
        services.add_note(incident=incident, text=text, at=at, by=request.user)


def _further(request: HttpRequest, incident: Incident, at: datetime) -> None:
    for what, one in read_wanted(request.POST.get("wanted", "")):
        if not _came(request, incident.lines.filter(type=what, requested_at=at).exists()):
            services.request(incident=incident, what=what, least=one.least, most=one.most, at=at)


def _learn(request: HttpRequest, incident: Incident, at: datetime) -> None:
    """What was not known when it was opened; what is left blank stays as it is."""
    learned: dict[str, Any] = {
        name: text for name in services.LEARNED if (text := request.POST.get(name, "").strip())
    }  # fmt: skip
    learned |= dict(zip(("latitude", "longitude"), place_named(request.POST.get("scene", "")) or (), strict=False))
    if not _came(request, incident.notes.filter(at=at, text__startswith=services.TOLD).exists()):
        services.learn(incident=incident, at=at, by=request.user, **learned)


def _alarm(request: HttpRequest, incident: Incident, at: datetime) -> None:
    day = timezone.localtime(at).date()
    card = AlarmAssignment.objects.in_effect_on(day).filter(agency=incident.stricken).first()
    if card is None:
        raise ValidationError(f"{incident.stricken} has no alarm card in effect: ask by what is wanted.")
    level = _number(request.POST.get("level", ""))
    asked = services.raise_alarm(incident=incident, assignment=card, level=level, at=at, by=request.user)
    said = f"{len(asked)} agencies asked by the card" if asked else "all that its card names are asked already"
    messages.success(request, f"Alarm level {level}: {said}.")


def _close(request: HttpRequest, incident: Incident, at: datetime) -> None:
    if scope.agencies_of(request.user) is not None:
        raise PermissionDenied
    if _came(request, incident.closed_at == at):
        return
    services.close_incident(incident=incident, at=at)
    messages.success(request, f"Incident {incident.reference} is closed.")


ACTS = {
    "ask": _ask, "choose": _choose, "note": _note, "line": _further, "learn": _learn, "alarm": _alarm, "close": _close,
}  # fmt: skip
