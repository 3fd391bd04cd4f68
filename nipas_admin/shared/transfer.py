"""Import and export as admin pages: upload, see what would happen, confirm; and the list as a file.

Between upload and confirmation the file lies in the shared cache, under a name that holds who uploaded it for what:
nobody can confirm, or read, a file of somebody else.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify

from nipas_admin.shared import scope, tables
from nipas_admin.shared.resources import Outcome, RecordResource

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object

# What in an address no database holds: a number of forty digits on SQLite, a zero byte on PostgreSQL.
NO_VALUE = (OverflowError, DataError)
AT_ONCE = 1_000
KEPT_FOR = 24 * 60 * 60
SHOWN_PROBLEMS = 200


Background = Callable[["Transfer", HttpRequest, str, bytes], str]
_background: list[Background] = []


def set_background(start: Background) -> None:
    """Name the function that imports a long table outside the request and returns the address that shows how far."""
    _background[:] = [start]


def _is_long(table: tables.Table) -> bool:
    return bool(_background) and len(table.lines) > AT_ONCE


class ImportForm(forms.Form):
    """The file to import."""

    import_file = forms.FileField(
        label="File",
        help_text=f"CSV (UTF-8) or Excel workbook (.xlsx), at most {tables.MAX_ROWS:,} rows. Row 1 names the columns.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean(self) -> dict[str, Any]:
        """The table in the file, as ``table``, and its bytes, as ``data``."""
        data = super().clean() or {}
        if file := data.get("import_file"):
            try:
                data["table"] = tables.read(file, file.size)
            except tables.Unreadable as refusal:
                self.add_error("import_file", refusal)
            else:
                file.seek(0)
                data["data"] = file.read()
        return data


class Transfer(Base):
    """Import and export for an admin that names one RecordResource in ``resource_classes``."""

    resource_classes: list[type[RecordResource]] = []
    change_list_template = "admin/nipas/record_list.html"
    import_template_name = "admin/nipas/import.html"
    export_template_name = "admin/nipas/export.html"
    agency_path: str

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Holders of ``import_…``, where there is something to import with: a resource that can tell its rows."""
        return self._may("import", request) and bool(self.resource_classes[0].natural_keys)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Holders of ``export_…`` who may see the list, where there is something to export with."""
        return self._may("export", request) and self.has_view_permission(request)

    def _may(self, action: str, request: HttpRequest) -> bool:
        codename = get_permission_codename(action, self.opts)
        return bool(self.resource_classes) and request.user.has_perm(f"{self.opts.app_label}.{codename}")

    def get_urls(self) -> list[Any]:
        """The stock pages, and import, confirmation and export."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = {"import": self.import_action, "process_import": self.process_import, "export": self.export_action}
        ours = [
            path(f"{page}/", self.admin_site.admin_view(view), name=f"{name}_{page}") for page, view in pages.items()
        ]
        return ours + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the ways in and out that this person may use."""
        may = {
            "has_import_permission": self.has_import_permission(request),
            "has_export_permission": self.has_export_permission(request),
        }
        try:
            return super().changelist_view(request, {**may, **(extra_context or {})})
        except NO_VALUE:
            # Django answers every other filter that cannot be used the same way.
            return redirect(f"{request.path}?{ERROR_FLAG}=1")

    # In

    def get_resource(self, request: HttpRequest) -> RecordResource:
        """The resource, bound to what this person may see and write."""
        may_hold = partial(scope.may_hold, user=request.user, agency_path=self.agency_path)
        return self.resource_classes[0](partial(self._rows_of, request), may_hold)

    def _rows_of(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
        rows = model._default_manager.all()
        screen = self if model is self.model else self.admin_site._registry.get(model)
        if screen is not None and hasattr(screen, "limit"):
            limited: QuerySet[Any] = screen.limit(rows, request)
            return limited
        return rows if scope.agencies_of(request.user) is None else rows.none()

    def import_action(self, request: HttpRequest) -> HttpResponse:
        """Upload a file and see what it would do. Nothing is written."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if not form.is_valid():
            return self._import_page(request, form=form)
        name, table = form.cleaned_data["import_file"].name, form.cleaned_data["table"]
        looked_at = tables.Table(table.headings, table.lines[:AT_ONCE]) if _is_long(table) else table
        outcome = self.get_resource(request).take(looked_at, dry_run=True, user=request.user, source=name)
        if looked_at is not table:
            outcome.notes.append(
                f"This counts the first {AT_ONCE:,} of {len(table.lines):,} rows. All of them are checked when the "
                "import runs, in the background: all are taken in, or none."
            )
        token = ""
        if outcome.good:
            token = secrets.token_urlsafe(16)
            cache.set(self._kept_as(request, token), (name, form.cleaned_data["data"]), KEPT_FOR)
        return self._import_page(request, form=ImportForm(), outcome=outcome, token=token, file_name=name)

    def process_import(self, request: HttpRequest) -> HttpResponse:
        """Write what was previewed: all of it, or nothing when the register has changed in between."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_import_permission(request):
            raise PermissionDenied
        kept_as = self._kept_as(request, request.POST.get("token", ""))
        kept = cache.get(kept_as)
        if kept is None:
            self.message_user(
                request, "This file was imported already, or its preview is too old. Upload it again.", messages.ERROR
            )
            return redirect(self._url("import"))
        name, data = kept
        table = tables.read(io.BytesIO(data), len(data))
        if _is_long(table):
            cache.delete(kept_as)
            return redirect(_background[0](self, request, name, data))
        outcome = self.get_resource(request).take(table, dry_run=False, user=request.user, source=name)
        if not outcome.good:
            return self._import_page(request, form=ImportForm(), outcome=outcome, file_name=name)
        cache.delete(kept_as)
        self.message_user(request, self.log_import(request, name, outcome), messages.SUCCESS)
        return redirect(self._url("changelist"))

    def log_import(self, request: HttpRequest, name: str, outcome: Outcome) -> str:
        """Note who imported what. Returns it in words."""
        said = f"Imported from {name}: {outcome.new} new, {outcome.changed} changed, {outcome.same} as they were."
        LogEntry.objects.create(
            user_id=int(request.user.pk or 0),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=f"{self.opts.verbose_name_plural} from {name}"[:200],
            action_flag=CHANGE,
            change_message=said,
        )
        return said

    def _kept_as(self, request: HttpRequest, token: str) -> str:
        return f"import:{request.user.pk}:{self.opts.label_lower}:{slugify(token)[:40]}"

    def _import_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        outcome: Outcome | None = None,
        token: str = "",
        file_name: str = "",
    ) -> HttpResponse:
        resource = self.get_resource(request)
        problems = outcome.problems if outcome else []
        page = {
            "title": f"Import {self.opts.verbose_name_plural}",
            "form": form,
            "outcome": outcome,
            "problems": problems[:SHOWN_PROBLEMS],
            "more_problems": max(len(problems) - SHOWN_PROBLEMS, 0),
            "token": token,
            "file_name": file_name,
            "columns": resource.taken(),
            "about": resource.about,
            "process_url": self._url("process_import"),
        }
        return self._page(request, self.import_template_name, page)

    # Out

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The rows that the list shows, as CSV or XLSX; without a format, the page that asks which."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        asked = request.GET.copy()
        kind = (asked.pop("format", None) or [""])[-1]
        request.GET = asked  # type: ignore[assignment]
        try:
            shown = self.get_changelist_instance(request)
        except (IncorrectLookupParameters, ValidationError, *NO_VALUE):
            self.message_user(request, "This filter cannot be used. Choose it again in the list.", messages.ERROR)
            return redirect(self._url("changelist"))
        if kind not in tables.CONTENT_TYPES:
            page = {
                "title": f"Export {self.opts.verbose_name_plural}",
                "count": shown.queryset.count(),
                "filters": list(asked.items()),
                "columns": self.get_resource(request).headings(),
            }
            return self._page(request, self.export_template_name, page)
        resource = self.get_resource(request)
        title = str(self.opts.verbose_name_plural)
        data = tables.write(kind, resource.headings(), resource.rows(shown.queryset), title)
        # A list of a chosen day names its file by that day, any other by the day it was asked for.
        day = self.day_of(request) if hasattr(self, "day_of") else timezone.localdate()  # noqa: TID251
        response = HttpResponse(data, content_type=tables.CONTENT_TYPES[kind])
        response["Content-Disposition"] = f'attachment; filename="{slugify(title)}-{day}.{kind}"'
        return response

    def _url(self, page: str) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, current_app=self.admin_site.name)

    def _page(self, request: HttpRequest, template: str, page: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, template, context)
