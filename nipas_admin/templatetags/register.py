"""``{% load register %}``: words for days and values, and the register's badges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst

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


@register.simple_tag
def badge(status: str | Enum, label: str = "") -> SafeString:
    """The status badge: ``{% badge "active" %}``, ``{% badge status "Notice pending, ends 1 May 2027" %}``."""
    return draw_badge(status, label)


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


@register.filter
def labelled(cells: Iterable[SafeString], headers: Iterable[dict[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row of a list, each with its column's name for narrow screens; the first link heads the row."""
    for cell, header in zip(cells, headers, strict=True):
        tag, rest = cell[:3], cell[3:]
        if tag == "<th":
            yield SafeString(f'<th scope="row"{rest}')
        elif "action-checkbox" in cell:
            yield cell
        else:
            yield SafeString(f'{tag} data-label="{conditional_escape(capfirst(header["text"]))}"{rest}')
