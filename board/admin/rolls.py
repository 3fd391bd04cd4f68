"""Rolls, attendance and votes as lists, to look through and to export. They are written at the meeting itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from board import resources
from board.models import Attendance, Meeting, RollEntry, Vote
from nipas_admin.shared.admin import RecordAdmin


class MeetingFilter(admin.SimpleListFilter):
    """The meeting; the latest are offered, any can be in the address."""

    title = "meeting"
    parameter_name = "meeting"
    path = "meeting"
    offered = 20

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The latest that were held."""
        held = Meeting.objects.filter(called_to_order_at__isnull=False)[: self.offered]
        return [(str(meeting.pk), str(meeting)) for meeting in held]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Those of it."""
        asked = self.value() or ""
        return queryset.filter(**{self.path: asked}) if asked.isdecimal() and len(asked) < 19 else queryset


class MeetingOfVoteFilter(MeetingFilter):
    """The meeting of the motion."""

    path = "motion__meeting"


class WrittenAtTheMeeting(RecordAdmin):
    """A list that nobody writes here."""

    list_filter: ClassVar[Any] = [MeetingFilter]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: at the meeting."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: at the meeting."""
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Nobody: at the meeting."""
        return False


def _moment(at: Any) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else ""


@admin.register(RollEntry)
class RollEntryAdmin(WrittenAtTheMeeting):
    """Who was entitled at which meeting."""

    resource_classes = [resources.RollResource]
    list_display = ["name", "meeting", "entitled", "representative", "recused"]
    list_select_related = ["meeting"]
    search_fields = ["name", "representative"]
    empty_list = "No roll is frozen yet: that happens when a meeting is called to order."


@admin.register(Attendance)
class AttendanceAdmin(WrittenAtTheMeeting):
    """Who was in the room from when until when."""

    resource_classes = [resources.AttendanceResource]
    list_display = ["entry", "meeting", "arrived", "left", "remote", "undone"]
    list_filter: ClassVar[Any] = [MeetingFilter, "remote", "undone"]
    list_select_related = ["meeting", "entry"]
    search_fields = ["entry__name"]
    empty_list = "Nobody has been marked as present yet: that happens at the roll call of a meeting."

    @admin.display(description="Arrived", ordering="arrived_at")
    def arrived(self, row: Attendance) -> str:
        """When."""
        return _moment(row.arrived_at)

    @admin.display(description="Left", ordering="left_at")
    def left(self, row: Attendance) -> str:
        """When; blank for who stayed to the end."""
        return _moment(row.left_at)


@admin.register(Vote)
class VoteAdmin(WrittenAtTheMeeting):
    """Who voted how, by roll call."""

    resource_classes = [resources.VoteResource]
    list_display = ["entry", "motion_shown", "choice", "cast"]
    list_filter: ClassVar[Any] = [MeetingOfVoteFilter, "choice"]
    list_select_related = ["motion__meeting", "entry"]
    search_fields = ["entry__name", "motion__text"]
    empty_list = "No vote by roll call was taken yet: each member answers by name at a meeting."

    @admin.display(description="Motion", ordering="motion")
    def motion_shown(self, row: Vote) -> str:
        """Which motion."""
        return str(row.motion)

    @admin.display(description="Cast", ordering="cast_at")
    def cast(self, row: Vote) -> str:
        """When."""
        return _moment(row.cast_at)
