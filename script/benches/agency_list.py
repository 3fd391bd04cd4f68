"""A page of 100 agencies among 18,000, with computed status, against a bare stock ModelAdmin without."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite, ModelAdmin, RelatedOnlyFieldListFilter, site
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import Prefetch
from django.test import RequestFactory

from membership.models import Agency, Official, TeamParticipation
from nipas_admin.accounts.models import User
from script.benches.ratio import Ratio, compare
from script.benches.register import AGENCIES, DAY, fill


class BareAgencyAdmin(ModelAdmin):  # type: ignore[type-arg]
    """Stock list of the same columns, fetched as economically, without the status."""

    list_display = ["name", "public_body", "counties_shown", "chief_shown", "teams_shown"]
    list_filter = [("counties", RelatedOnlyFieldListFilter), "kind"]
    search_fields = ["name", "public_body", "city", "ori"]
    ordering = ["name"]
    list_per_page = 100

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        """Agencies with what the columns show."""
        chiefs = Official.objects.in_office_on(DAY).filter(capacity="chief")
        places = TeamParticipation.objects.standing_on(DAY).select_related("team")
        fetch = (
            Prefetch("officials", chiefs, to_attr="chiefs"),
            Prefetch("participations__teams", places, to_attr="places"),
        )
        return super().get_queryset(request).prefetch_related("counties", *fetch)

    def counties_shown(self, agency):  # type: ignore[no-untyped-def]
        """Their names."""
        return ", ".join(county.name for county in agency.counties.all())

    def chief_shown(self, agency):  # type: ignore[no-untyped-def]
        """Who is in office."""
        return agency.chiefs[0].name if agency.chiefs else ""

    def teams_shown(self, agency):  # type: ignore[no-untyped-def]
        """The teams."""
        return ", ".join(
            sorted({place.team.short_name for stint in agency.participations.all() for place in stint.places})
        )


def page(model_admin: ModelAdmin, user: User) -> Callable[[], bytes]:  # type: ignore[type-arg]
    """Renders the first page of the list."""

    def render() -> bytes:
        request = RequestFactory().get(
            "/membership/agency/", {"on": DAY.isoformat()} if model_admin.admin_site is site else {}
        )
        request.user = user
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        return model_admin.changelist_view(request).render().content  # type: ignore[attr-defined, no-any-return]

    return render


def measure() -> list[Ratio]:
    """The ratio, after checking that ours shows a hundred rows with a status each."""
    fill()
    user, _made = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    ours = page(site.get_model_admin(Agency), user)
    theirs = page(BareAgencyAdmin(Agency, AdminSite()), user)
    shown = ours().count(b'class="badge')
    if shown < 100:
        raise AssertionError(f"Only {shown} rows carry a status.")
    mine, best, ratio = compare(ours, theirs)
    return [
        Ratio(
            f"agency list, 100 of {AGENCIES:,} with status",
            ratio,
            1.5,
            f"{mine * 1e3:.0f} ms against {best * 1e3:.0f} ms",
        )
    ]
