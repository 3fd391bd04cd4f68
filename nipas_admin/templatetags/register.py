"""``{% load register %}``: words for days and values, and the register's badges."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.utils.safestring import SafeString

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
