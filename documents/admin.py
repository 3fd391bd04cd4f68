"""The screens of the register of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from documents.access import papers_visible_to
from documents.forms import AttachesScans, PaperForm
from documents.letters import LetterKind, kinds_for
from documents.mail import admin as outbox  # noqa: F401 - the screens of outgoing mail
from documents.mailing import start_mailing
from documents.models import Paper
from documents.printing import print_many
from documents.services import file_scan
from nipas_admin.shared import scope
from nipas_admin.shared.admin import RecordAdmin
from nipas_admin.shared.day import day_of
from nipas_admin.shared.downloads import as_download
from nipas_admin.shared.pages import Button, PageAdmin

REFERENCE = re.compile(r"p-?0*([0-9]{1,9})", re.IGNORECASE)
SHOWN_BY_BROWSERS = {Paper.MediaType.PDF, Paper.MediaType.PNG, Paper.MediaType.JPEG}
SHOWN_OWNERS = 20
LINK = '<a href="{}"{}>{}<span class="visually-hidden"> {}</span></a>'


FOUND_OUT = ["reference_shown", "kind", "open_link", "filed_at", "size_shown", "original_name", "sha256"]
OF_ISSUED = ["template", "content_sha256"]
OF_OWNERS = ["attached_to"]


class Attached(admin.SimpleListFilter):
    """Papers that no record points to: those somebody filed and did not attach."""

    title = "attached"
    parameter_name = "attached"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one choice beside all."""
        return [("no", "To no record")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The unattached, when asked for."""
        return Paper.objects.unattached() & queryset if self.value() == "no" else queryset


class AttachesScansAdmin(RecordAdmin):
    """Screens of a record whose form is an ``AttachesScans``: the form knows who saves, and what it did is said."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class, knowing the person."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and say which uploads were on file already."""
        super().save_model(request, obj, form, change)
        if isinstance(form, AttachesScans):
            for said in form.said:
                self.message_user(request, said, messages.WARNING)


class RecordPage(PageAdmin, AttachesScansAdmin):
    """A record's page, with the papers it points to and the letters that rooms registered for such records."""

    def letters_for(self, request: HttpRequest, record: Any) -> Iterable[LetterKind]:
        """The letters that make sense for the record as it stands, for those who may print them."""
        kinds = kinds_for(self.model, request.user)
        return [kind for kind in kinds if kind.may_be_for(request.user, record) and kind.offered(record)]

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything beside the form, with the letters to look at and to issue."""
        on = day_of(request).query
        return {
            **super().page_of(request, record),
            "papers": [Button(kind.label, kind.address(record) + on) for kind in self.letters_for(request, record)],
            "may_issue": request.user.has_perm("documents.add_paper"),
        }

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """As stock, and for each letter one that prints it for the rows chosen."""
        ours = {f"print_{kind.key}": kind for kind in kinds_for(self.model, request.user)}
        prints = {name: (partial(_print, kind), name, f"Print: {kind.label}") for name, kind in ours.items()}
        mailed = {f"mail_{kind.key}": kind for kind in ours.values() if kind.envelope and may_mail(request.user)}
        mails = {name: (partial(_mail, kind), name, f"E-mail: {kind.label}") for name, kind in mailed.items()}
        return {**prints, **mails, **super().get_actions(request)}


def _print(kind: LetterKind, page: RecordPage, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """Start a run that prints this letter for every row chosen; its page shows how far it is."""
    keys = list(rows.order_by(*page.get_ordering(request)).values_list("pk", flat=True))
    job = print_many(kind, keys, day_of(request).chosen, request.user)
    return redirect("admin:jobs_job_change", job.pk)


def may_mail(user: Any) -> bool:
    """May this person send papers by e-mail?"""
    return bool(user.has_perm("documents.add_outgoingmail") and user.has_perm("documents.add_paper"))


def _mail(kind: LetterKind, page: RecordPage, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    """Start a run that issues this letter for every row chosen and puts the mails into the outbox."""
    keys = list(rows.order_by(*page.get_ordering(request)).values_list("pk", flat=True))
    job = start_mailing(kind, keys, day_of(request).chosen, request.user)
    return redirect("admin:jobs_job_change", job.pk)


def paper_shown(field: str, label: str) -> Any:
    """A line that leads to the paper in this field."""

    @admin.display(description=label)
    def shown(self: Any, record: Any) -> SafeString | str:
        paper = getattr(record, field)
        if paper is None:
            return "Not on file"
        file = reverse("admin:documents_paper_file", args=[paper.pk])
        return format_html(
            '<a href="{}?inline=1" target="_blank" rel="noopener">{}<span class="visually-hidden">, opens in a new tab'
            "</span></a>",
            file,
            paper,
        )

    return shown


@admin.register(Paper)
class PaperAdmin(RecordAdmin):
    """Papers: what was scanned and what was issued. Their bytes never change; issued ones do not change at all."""

    form = PaperForm
    list_display = ["title", "reference_shown", "open_link", "kind", "dated_on", "filed"]
    list_filter = ["kind", "media_type", Attached]
    search_fields = ["title", "original_name", "note", "=sha256"]
    search_help_text = "Title, file name, note, reference (P-000123) or SHA-256"

    def limit(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Those of the papers that this person may open."""
        return rows if scope.agencies_of(request.user) is None else rows & papers_visible_to(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the role says; nobody for an issued paper."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_issued)

    # Columns and particulars

    @admin.display(description="Reference", ordering="number")
    def reference_shown(self, paper: Paper) -> str:
        """``P-000123``."""
        return paper.reference

    @admin.display(description="Filed", ordering="filed_at")
    def filed(self, paper: Paper) -> str:
        """The day it was filed."""
        return date_format(localtime(paper.filed_at), "SHORT_DATE_FORMAT")

    @admin.display(description="Size", ordering="size")
    def size_shown(self, paper: Paper) -> str:
        """Size and pages, as people say them."""
        pages = f", {paper.pages} page{'' if paper.pages == 1 else 's'}" if paper.pages else ""
        return f"{filesizeformat(paper.size)}{pages}"

    @admin.display(description="File")
    def open_link(self, paper: Paper) -> SafeString:
        """The way to the file: to look at beside this page, and to save."""
        address = reverse("admin:documents_paper_file", args=[paper.pk])
        name = paper.reference
        save = format_html(LINK, address, SafeString(""), "Save", name)
        if paper.media_type not in SHOWN_BY_BROWSERS:
            return save
        beside = SafeString(' target="_blank" rel="noopener"')
        look = format_html(LINK, f"{address}?inline=1", beside, "Open", f"{name} in a new tab")
        return format_html("{} · {}", look, save)

    @admin.display(description="Attached to")
    def attached_to(self, paper: Paper) -> str | SafeString:
        """The records that point to this paper, each a link for those who may see it."""
        owners = list(_owners_of(paper))
        if not owners:
            return "No record yet"
        return format_html_join(
            SafeString("<br>"),
            '<a href="{}">{}</a>',
            ((_address_of(row), f"{row._meta.verbose_name}: {row}") for row in owners),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is typed; and, of a paper on file, what is known."""
        typed = ["title", ("dated_on", "received_on"), "note"]
        if obj is None:
            return [(None, {"fields": ["upload", *typed]})]
        known = FOUND_OUT + (OF_ISSUED if obj.is_issued else [])
        if scope.agencies_of(request.user) is None:
            known = known + OF_OWNERS
        return [(None, {"fields": typed}), ("On file", {"fields": known})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Everything the register itself found out."""
        return [*FOUND_OUT, *OF_ISSUED, *OF_OWNERS]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """As stock, and by register reference."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if match := REFERENCE.fullmatch(search_term.strip()):
            found = found | queryset.filter(number=int(match[1]))
        return found, may_repeat

    # Filing

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class, knowing the person."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The paper: filed here when it is new, because its row and its bytes belong together."""
        paper = super().save_form(request, form, change)
        if change:
            return paper
        typed = {name: form.cleaned_data[name] for name in ("title", "dated_on", "received_on", "note")}
        return file_scan(uploaded=form.cleaned_data["upload"], user=request.user, **typed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Corrections only: ``save_form`` has filed what is new."""
        if change:
            super().save_model(request, obj, form, change)

    # Taking a paper out

    def get_urls(self) -> list[Any]:
        """The pages, and the file itself."""
        file = path("<int:pk>/file/", self.admin_site.admin_view(self.file_view), name="documents_paper_file")
        return [file, *super().get_urls()]

    @method_decorator(require_safe)
    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The bytes, to be saved or, with ``?inline=1``, looked at in a tab of their own."""
        paper = papers_visible_to(request.user).filter(pk=pk).first()
        if paper is None:
            raise Http404("There is no such paper, or it is not among those you may open.")
        inline = "inline" in request.GET and paper.media_type in SHOWN_BY_BROWSERS
        try:
            content = paper.file.open()
        except FileNotFoundError:
            self.message_user(
                request, f"The file of {paper} is missing from storage. Restore it from a backup.", messages.ERROR
            )
            return redirect("admin:documents_paper_change", paper.pk)
        return as_download(content, paper.download_name, paper.media_type, inline=inline)


def _owners_of(paper: Paper) -> Iterator[Any]:
    """The records that point to the paper, the first few of each kind."""
    for link in Paper.objects.links():
        yield from link.related_model._base_manager.filter(**{link.field.name: paper})[:SHOWN_OWNERS]


def _address_of(row: Any) -> str:
    """The row's page, or nowhere when it has none."""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except (NoReverseMatch, FieldDoesNotExist):
        return ""
