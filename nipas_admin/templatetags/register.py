"""``{% load register %}``: words for days and values, and the register's badges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from nipas_admin.shared import money
from nipas_admin.shared.admin import may_open
from nipas_admin.shared.badges import badge as draw_badge
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.day import DAY_VAR

register = template.Library()


@register.filter
def words(value: Any) -> str:
    """A value as people say it: a day as ``4 May 2018``, yes and no, an enum's label; ``Not determined`` for None."""
    if value is None:
        return "Not determined"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.name.replace("_", " ").capitalize()))
    if isinstance(value, date) and not isinstance(value, datetime):
        return in_words(value)
    return str(value)


@register.filter
def dollars(amount: Decimal | None) -> str:
    """An amount as people write it: ``$1,234.50``; empty for None."""
    return money.shown(amount)


@register.simple_tag
def badge(status: str | Enum, label: str = "") -> SafeString:
    """The status badge: ``{% badge "active" %}``, ``{% badge status "Notice pending, ends 1 May 2027" %}``."""
    return draw_badge(status, label)


@register.simple_tag(takes_context=True)
def read_only(context: template.Context, field: Any) -> str:
    """What stands in a field that is only read; a record named there is a link only where its page opens."""
    name, row = field.field["field"], field.form.instance
    try:
        related = row._meta.get_field(name).related_model if isinstance(name, str) else None
    except FieldDoesNotExist:
        related = None
    screen: Any = field.model_admin.admin_site._registry.get(related)
    record = getattr(row, name, None) if screen is not None else None
    if not isinstance(record, models.Model) or may_open(screen, record, context["request"]):
        return field.contents()  # type: ignore[no-any-return]
    return conditional_escape(str(record))


@register.simple_tag(takes_context=True)
def without_day(context: template.Context) -> str:
    """This page's address for today: the same, without the chosen day and the page number."""
    query = context["request"].GET.copy()
    for name in (DAY_VAR, PAGE_VAR):
        query.pop(name, None)
    return f"?{query.urlencode()}"


@register.simple_tag
def without_search(cl: ChangeList) -> str:
    """The list's address without what was searched for; the chosen day and the filters stay."""
    return cl.get_query_string({SEARCH_VAR: None})


@register.simple_tag
def number_columns(cl: ChangeList) -> frozenset[int]:
    """Which columns of a list hold figures: those of numeric fields, and methods that say ``number = True``."""
    return frozenset(place for place, name in enumerate(cl.list_display) if _holds_figures(cl, name))


def _holds_figures(cl: ChangeList, name: Any) -> bool:
    try:
        field = cl.lookup_opts.get_field(name)
    except FieldDoesNotExist:
        column = name if callable(name) else getattr(cl.model_admin, name, None) or getattr(cl.model, name, None)
        return bool(getattr(column, "number", False))
    figures = (models.IntegerField, models.DecimalField, models.FloatField)
    return isinstance(field, figures) and not getattr(field, "choices", None)


@lru_cache(maxsize=256, typed=True)
def _column_label(text: str) -> str:
    """The attribute that names a cell's column; worked out once for each column, not for each cell."""
    return f' data-label="{conditional_escape(capfirst(text))}"'


@register.simple_tag
def list_cells(
    cells: Iterable[SafeString], headers: Iterable[dict[str, Any]], numbers: frozenset[int]
) -> list[SafeString]:
    """The cells of a row of a list: the first link heads the row, the others name their column for narrow screens."""
    marked = []
    for place, (cell, header) in enumerate(zip(cells, headers, strict=True)):
        tag, rest = cell[:3], cell[3:]
        if tag == "<th":
            tag = '<th scope="row"'
        elif "action-checkbox" not in cell:
            tag += _column_label(header["text"])
        marked.append(SafeString(tag + " data-number" * (place in numbers) + rest))
    return marked
