"""What the pages of every room are made of: a record's findings and acts, and pages that are no record's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from nipas_admin.shared import scope
from nipas_admin.shared.acts import ActForm, Effect
from nipas_admin.shared.admin import REFUSED, RecordAdmin
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.furniture import Related
from nipas_admin.shared.refusals import in_words

QUIET_REQUEST = "X-Effect"


@dataclass(frozen=True)
class Answer:
    """A Finding as a page shows it: the question, and the answer in words where the value does not say it itself."""

    question: str
    finding: Finding[Any]
    value: str = ""


@dataclass(frozen=True)
class Button:
    """An act or a paper, by its name."""

    label: str
    url: str
    primary: bool = False


def address(record: Any) -> str:
    """The record's page."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def add_address(model: type[models.Model], **known: Any) -> str:
    """The page that adds such a record, with what is known filled in."""
    return f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_add')}?{urlencode(known)}"


def may(request: HttpRequest, action: str, model: type[models.Model]) -> bool:
    """Does this person's role allow this (``view``, ``add``, ``change``) with such records?"""
    return request.user.has_perm(f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}")


def must(request: HttpRequest, permission: str) -> None:
    """Go on only with those whose role allows it. Raises PermissionDenied for others."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def must_see_all(request: HttpRequest) -> None:
    """Go on only with those who work for the whole body. Raises PermissionDenied, saying why, for others."""
    if scope.agencies_of(request.user) is not None:
        raise PermissionDenied("This page is about all agencies; you see the rows of your own.")


def framed(request: HttpRequest, template: str, context: Mapping[str, Any]) -> TemplateResponse:
    """A page that is no record's, inside the frame of the register."""
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})


class PageAdmin(RecordAdmin):
    """A record's page: what can be done above, what the record is at the left, what follows from it at the right.

    ``acts`` are the forms of the acts that can be done to it, each on a page of its own.
    """

    change_form_template = "nipas/record_page.html"
    acts: tuple[type[ActForm], ...] = ()
    empty_list = ""
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}}

    # What a page shows

    def agency_of(self, record: Any) -> Any:
        """The agency whose record this is; None where it belongs to none."""
        return getattr(record, "agency", None)

    def answers(self, request: HttpRequest, record: Any) -> Iterable[Answer]:
        """What the rules say of the record."""
        return ()

    def related(self, request: HttpRequest, record: Any) -> Sequence[Related]:
        """The tables below."""
        return ()

    def buttons(self, request: HttpRequest, record: Any) -> Iterator[Button]:
        """The acts that make sense for the record as it stands, for those who may do them."""
        able = [act for act in self.acts if request.user.has_perm(act.permission) and act.applies_to(record)]
        for act in able:
            yield Button(act.label, self.act_address(act, record), primary=act is able[0])

    def ahead(self, request: HttpRequest, record: Any) -> Effect | None:
        """What will happen by itself because of the record; None for nothing."""
        return None

    def badge(self, record: Any) -> tuple[str, str]:
        """The badge beside the title and its word; empty for none."""
        return "", ""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """The field, without the four little buttons that open one form upon another."""
        field: Any = super().formfield_for_dbfield(db_field, request, **options)
        for name in ("add", "change", "delete", "view"):
            if hasattr(getattr(field, "widget", None), f"can_{name}_related"):
                setattr(field.widget, f"can_{name}_related", False)
        return field

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **options: Any
    ) -> Any:
        """The form, with what follows from the record as it is stored."""
        context["show_save_and_add_another"] = False
        if obj is not None and obj.pk:
            # What was sent and refused stands in the record's memory: then it is read anew.
            stored = self.get_queryset(request).get(pk=obj.pk) if request.method == "POST" else obj
            context.update(self.page_of(request, stored))
        return super().render_change_form(request, context, *args, obj=obj, **options)

    def page_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Everything beside the form."""
        agency = self.agency_of(record)
        status, label = self.badge(record)
        return {
            "agency": agency,
            "agency_url": address(agency) if agency and may(request, "view", type(agency)) else "",
            "status": status,
            "status_label": label,
            "answers": list(self.answers(request, record)),
            "ahead": self.ahead(request, record),
            "buttons": list(self.buttons(request, record)),
            "related_tables": list(self.related(request, record)),
        }

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the agency's page, where what was added shows its effect."""
        agency = self.agency_of(obj)
        if agency is not None and agency != obj and may(request, "view", type(agency)):
            return HttpResponseRedirect(address(agency))
        return super().response_post_save_add(request, obj)

    # Acts

    def get_urls(self) -> list[Any]:
        """The stock pages, and one for each act."""
        ours = [
            path(
                f"<path:object_id>/{act.slug}/",
                self.admin_site.admin_view(partial(self.act_view, act=act)),
                name=self._act_name(act),
            )
            for act in self.acts
        ]
        return ours + super().get_urls()

    def act_address(self, act: type[ActForm], record: Any) -> str:
        """The page on which this act is done to the record."""
        return reverse(f"admin:{self._act_name(act)}", args=[record.pk])

    def _act_name(self, act: type[ActForm]) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{act.slug}"

    def act_view(self, request: HttpRequest, object_id: str, act: type[ActForm]) -> HttpResponse:
        """The page of an act on a record that this person may see."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not request.user.has_perm(act.permission):
            raise PermissionDenied
        if not act.applies_to(record):
            self.message_user(request, f"“{act.label}” cannot be done here as things stand.", messages.WARNING)
            return HttpResponseRedirect(address(record))
        return self.run(request, self.act_form(request, act, record), record)

    def act_form(self, request: HttpRequest, act: type[ActForm], record: Any) -> ActForm:
        """The form of an act on the record, with what was sent."""
        return act(request.POST or None, request.FILES or None, subject=record, user=request.user)

    def run(self, request: HttpRequest, form: ActForm, record: Any = None) -> HttpResponse:
        """Show the form, its effect when that is asked for, or do the act. What is refused is said on the form."""
        effect = None
        if form.is_bound and form.is_valid():
            try:
                if "preview" in request.POST:
                    effect = form.effect()
                else:
                    with transaction.atomic():
                        left = form.act()
                    self.message_user(request, form.said(left), messages.SUCCESS)
                    return HttpResponseRedirect(address(left))
            except REFUSED as refusal:
                form.refuse(in_words(refusal, self.model))
        quiet = QUIET_REQUEST in request.headers
        page = {
            **self.admin_site.each_context(request),
            "title": form.label,
            "opts": self.opts,
            "record": record,
            "record_url": address(record) if record else "",
            "answers": list(self.answers(request, record)) if record else [],
            "act": form,
            "adminform": AdminForm(cast(Any, form), form.fieldsets, {}, (), self),
            "effect": effect,
            "quiet": quiet,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "nipas/_effect.html" if quiet else "nipas/act.html", page)
