"""The screens of every record: stock Django admin, with the guards its parts leave out.

A subclass only declares::

    @admin.register(Official)
    class OfficialAdmin(RecordAdmin):
        agency_path = "agency"
        resource_classes = [OfficialResource]
        list_display = ["name", "agency", "capacity", "from_on", "until_on"]
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, StackedInline, TabularInline, helpers
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connections, models
from django.db.models import OuterRef, ProtectedError, QuerySet, RestrictedError, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from simple_history.admin import SimpleHistoryAdmin

from nipas_admin.shared import scope, triggers
from nipas_admin.shared.choosing import FindOne, FindSeveral, OneRecord, SeveralRecords, is_key
from nipas_admin.shared.forms import VERSION, RecordForm
from nipas_admin.shared.records import Record
from nipas_admin.shared.refusals import in_words
from nipas_admin.shared.transfer import Transfer

REFUSED = (ValidationError, ProtectedError, RestrictedError, IntegrityError, DataError)


if TYPE_CHECKING:
    Base = BaseModelAdmin[Any]
else:
    Base = BaseModelAdmin


class Scoped(Base):
    """Shows a person who signs in for an agency that agency's rows, and offers no others to choose from.

    ``agency_path`` leads from a row to its agency: ``agency``, ``participation__agency``, or ``pk`` on the agency
    itself. Without one the rows belong to no agency and such a person sees none of them, unless they are
    ``shared_with_agencies``.
    """

    agency_path = ""
    shared_with_agencies = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows this person may see."""
        return self.limit(super().get_queryset(request), request)

    def limit(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those of the rows that this person may see."""
        return scope.limit(rows, request.user, self.agency_path, self.shared_with_agencies)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice among the rows this person may see; what is typed is checked against the same."""
        kwargs = {"form_class": OneRecord, **self._choices(db_field, request, kwargs)}
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", FindOne(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices among the rows this person may see; what is typed is checked against the same."""
        kwargs = {"form_class": SeveralRecords, **self._choices(db_field, request, kwargs)}
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", FindSeveral(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choices(self, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> dict[str, Any]:
        related = db_field.remote_field.model
        screen: object = self.admin_site._registry.get(related)
        rows = kwargs.get("queryset", related._default_manager.all())
        if isinstance(screen, Scoped):
            rows = screen.limit(rows, request)
        elif scope.agencies_of(request.user) is not None:
            rows = rows.none()
        if isinstance(screen, ModelAdmin) and not rows.ordered:
            rows = rows.order_by(*screen.get_ordering(request))
        return {**kwargs, "queryset": rows}


def may_open(screen: Any, record: models.Model, request: HttpRequest) -> bool:
    """Does the record's page open to this person? Asked of the database only where scope is no way to an agency."""
    if not screen.has_view_or_change_permission(request):
        return False
    if not isinstance(screen, Scoped) or scope.agencies_of(request.user) is None or screen.shared_with_agencies:
        return True
    if type(screen).limit is Scoped.limit:
        return scope.may_hold(record, request.user, screen.agency_path)
    return screen.limit(screen.model._base_manager.filter(pk=record.pk), request).exists()


class RecordInline(Scoped):
    """Related records on a record's page: nothing is deleted here, and no row overwrites another person's."""

    form: Any = RecordForm
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows this person may see, each with its version: one query however many there are."""
        model: type[Record] = self.model
        latest = model.history.filter(**{model._meta.pk.attname: OuterRef("pk")}).order_by("-history_id")
        rows = super().get_queryset(request)
        numbered: QuerySet[Any] = rows.annotate(latest_version=Subquery(latest.values("history_id")[:1]))
        return numbered


class RecordTabular(RecordInline, TabularInline):  # type: ignore[type-arg]
    """Related records as a compact table."""


class RecordStacked(RecordInline, StackedInline):  # type: ignore[type-arg]
    """Related records one below the other."""


class RecordAdmin(Transfer, Scoped, SimpleHistoryAdmin):
    """The screens of one kind of record.

    ``resource_classes`` with one RecordResource opens import and export to those who hold ``import_…`` and
    ``export_…``. History is read only, by those who hold ``view_historical…``. Only a superuser may delete.
    """

    form = RecordForm
    list_per_page = 100
    list_max_show_all = 500
    show_full_result_count = False
    enforce_history_permissions = True
    history_list_per_page = 50
    object_history_template = "admin/nipas/history.html"
    object_history_list_template = "admin/nipas/history_list.html"
    object_history_form_template = "admin/nipas/history_version.html"

    # Adding and changing

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, or None when there is none that this person may see. It is locked while it is being changed."""
        connection = connections[self.model._base_manager.db]
        if request.method == "POST" and connection.in_atomic_block:
            row = super().get_object(request, object_id, from_field)
            if row is None:
                return None
            list(self.model._base_manager.select_for_update().filter(pk=row.pk))
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form. What saving itself refuses is shown on the form, in words, with nothing typed lost."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except REFUSED as refusal:
            request.refusal = in_words(refusal, self.model)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class; it carries what an earlier attempt of this same request was refused for."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The page, its form carrying the version it was filled in from; the way to the history for those who may."""
        context["may_see_history"] = self.has_view_history_or_change_history_permission(request, kwargs.get("obj"))
        form = context["adminform"]
        if VERSION in form.form.fields and kwargs.get("change") and self.has_change_permission(request):
            form.fieldsets = [*form.fieldsets, (None, {"fields": [VERSION], "classes": ["hidden"]})]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> Any:
        """Related records, each row carrying the version it was filled in from."""
        inlines = super().get_inline_formsets(*args, **kwargs)
        for inline in inlines:
            if issubclass(inline.formset.form, RecordForm) and inline.has_change_permission:
                inline.fieldsets = [*inline.fieldsets, (None, {"fields": [VERSION], "classes": ["hidden"]})]
        return inlines

    # Deleting

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers only, and nobody where the database itself keeps every row."""
        return bool(request.user.is_active and request.user.is_superuser) and not triggers.is_append_only(self.model)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, leaving history."""
        obj.delete_as(request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete one by one, each leaving history."""
        for row in queryset:
            row.delete_as(request.user)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, then delete; a record that others point to stays, and the page says so."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except REFUSED as refusal:
            self.tell(request, refusal)
        return redirect(request.path.removesuffix("delete/") + "change/")

    # Finding and acting

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """The rows that the words describe; a zero byte, which no database holds, is no word."""
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    @contextmanager
    def telling(self, request: HttpRequest) -> Iterator[None]:
        """Say what an act inside refuses as a message, in words, and go on after it."""
        try:
            yield
        except REFUSED as refusal:
            self.tell(request, refusal)

    def tell(self, request: HttpRequest, refusal: Exception) -> None:
        """Say a refusal as messages, in words."""
        for message in in_words(refusal, self.model).messages:
            self.message_user(request, message, messages.ERROR)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        """Run the action; what it refuses is said above the list."""
        if not all(map(is_key, request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))):
            self.message_user(request, "Nothing was done: choose the rows in the list.", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        try:
            return super().response_action(request, queryset, *args)
        except REFUSED as refusal:
            self.tell(request, refusal)
        return HttpResponseRedirect(request.get_full_path())

    # History

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always: history is read."""
        return True

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return page

    @method_decorator(require_safe)
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every state of a row that this person may see, newest first."""
        if self.get_object(request, unquote(object_id)) is None:
            return self._gone(request, object_id)
        page: HttpResponse = super().history_view(request, object_id, extra_context)
        return page

    @method_decorator(require_safe)
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One earlier state of a row that this person may see, to read."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._gone(request, object_id)
        if not version_id.isdecimal() or len(version_id) > 18:
            raise Http404
        return super().history_form_view(request, str(row.pk), version_id, extra_context)  # type: ignore[no-any-return]

    def render_history_view(
        self, request: HttpRequest, template: str, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        """The page, with nothing on it to type into."""
        if form := context.get("adminform"):
            shown = [name for name in flatten_fieldsets(form.fieldsets) if not _is_many_to_many(self.model, name)]
            context["adminform"] = helpers.AdminForm(form.form, [(None, {"fields": shown})], {}, shown, self)
        return super().render_history_view(request, template, context, **kwargs)  # type: ignore[no-any-return]


def _is_many_to_many(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.many_to_many)
