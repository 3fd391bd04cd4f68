"""The pages of membership that are no record's: what if, and adoption progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from membership import services
from membership.adoption_page import AdoptionPage
from membership.forms.leaving import consequences, what_stays
from membership.models import Agency, Participation
from nipas_admin.shared import scope
from nipas_admin.shared.acts import Effect, day
from nipas_admin.shared.choosing import FindOne, OneRecord
from nipas_admin.shared.day import day_of
from nipas_admin.shared.pages import framed, must, must_see_all
from nipas_admin.shared.refusals import by_field
from nipas_admin.shared.shares import more_than_half


class WhatIfForm(forms.Form):
    """A notice that did not come: which agency, and the day it would be received."""

    agency = OneRecord(
        queryset=Agency.objects.none(),
        label="If this agency",
        error_messages={"invalid_choice": "Choose an agency of the register."},
    )
    received_on = day("gave notice, received on")

    def __init__(self, request: HttpRequest, **options: Any) -> None:
        super().__init__(request.GET if "agency" in request.GET or "received_on" in request.GET else None, **options)
        field: Any = self.fields["agency"]
        field.queryset = scope.limit(Agency.objects.all(), request.user, "pk")
        field.widget = FindOne(Participation._meta.get_field("agency"), admin.site)
        field.widget.choices = field.choices

    def effect(self) -> Effect:
        """What the notice would do. Raises ValidationError, in words, when there is nothing to withdraw from."""
        agency, received_on = self.cleaned_data["agency"], self.cleaned_data["received_on"]
        stint = services.stint_on(agency, received_on)
        if stint is None:
            raise ValidationError({"agency": f"{agency} has never participated: it has nothing to withdraw from."})
        finding = services.preview_notice(stint, received_on=received_on)
        if finding.value is None:
            return Effect("First day out", finding)
        return Effect("First day out", finding, finding.value, consequences(finding.value, stint), what_stays())


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """What a Termination Notice received on a given day would do. Nothing is recorded."""
    must(request, "membership.view_participation")
    form = WhatIfForm(request, initial={"received_on": timezone.localdate()})
    effect, bases = None, []
    if form.is_bound and form.is_valid():
        try:
            effect = form.effect()
        except ValidationError as refusal:
            for name, errors in by_field(refusal).items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            bases = _bases(form.cleaned_data["agency"], effect)
    return framed(
        request,
        "membership/what_if.html",
        {
            "title": "What if",
            "form": form,
            "effect": effect,
            "bases": bases,
            "media": forms.Media(js=["admin/js/core.js"]) + form.media,
        },
    )


def _bases(agency: Agency, effect: Effect) -> list[tuple[str, int, int]]:
    """The base of the annual meeting's quorum and its number, before and without the agency, on the first day out."""
    if effect.on is None:
        return []
    others = Agency.objects.active_on(effect.on).exclude(pk=agency.pk).count()
    return [
        ("with it", others + 1, more_than_half(others + 1)),
        ("without it", others, more_than_half(others)),
    ]


@require_safe
def adoption(request: HttpRequest) -> HttpResponse:
    """How far the adoption of the amended agreement had come on a day."""
    must(request, "membership.view_participation")
    must_see_all(request)
    chosen = day_of(request)
    page = AdoptionPage(services.adoption_progress(chosen.chosen), request.GET.get("missing", ""))
    return framed(
        request, "membership/adoption.html", {"title": "Adoption progress", "day": chosen, **page.context(request.GET)}
    )
