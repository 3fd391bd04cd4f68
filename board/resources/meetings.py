"""Meetings, rolls, attendance, motions, votes, elections and minutes as tables.

What happened at a meeting held with this register goes out only. Earlier meetings come in with their outcomes as the
minute book has them: recorded by hand, with what shows it; nothing is carried out again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.fields import Field

from board import services
from board.models import Attendance, BylawsVersion, Election, Meeting, Minutes, Motion, RollEntry, Vote
from board.resources.parts import OfMeeting, meeting_name, moment, of_meeting, shown
from nipas_admin.shared.columns import ChoiceWidget, YesNoWidget
from nipas_admin.shared.resources import RecordResource

HELD_HERE = "This meeting was held in the register: what happened at it stays as it was recorded."
OUTCOMES = [(Motion.State.CARRIED.value, "Carried"), (Motion.State.FAILED.value, "Failed")]


class MeetingResource(RecordResource):
    """Meetings: by kind and the day and hour they were called for."""

    about = (
        "A row is a meeting, told by its kind and the day and hour it was called for, in Chicago: 2009-05-20 18:30. Of "
        "an earlier meeting give when it was called to order and adjourned, the day alone where the hour is not known, "
        "whether a quorum was present, and the source; then import its motions."
    )
    natural_keys = [("starts_at", "kind")]
    starts_at = moment("starts_at")
    called_to_order_at = moment("called_to_order_at")
    adjourned_at = moment("adjourned_at")
    agenda_posted_at = moment("agenda_posted_at", readonly=True)
    bylaws = shown("bylaws", "bylaws")
    state = shown("state", "state")
    entitled = shown("entitled", "entitled")
    presiding = shown("presiding", "presiding")
    secretary = shown("secretary", "secretary")
    cancelled_on = Field("cancelled_on", "cancelled_on", readonly=True)

    class Meta(RecordResource.Meta):
        model = Meeting
        fields = [
            "kind", "starts_at", "place", "state", "called_by", "regular", "purpose", "notice_on", "notice_to",
            "agenda_posted_at", "bylaws", "called_to_order_at", "adjourned_at", "entitled", "presiding", "presiding_as",
            "secretary", "quorum_by_hand", "by_hand_because", "cancelled_on", "note",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "bylaws", "presiding", "secretary"]

    @property
    def several(self) -> list[str]:
        """Attributes that hold several other records."""
        return [*super().several, "pauses"]

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory; one that was held runs under the bylaws of its day."""
        super().import_instance(instance, row, **kwargs)
        if instance.called_to_order_at is not None and instance.bylaws_id is None:
            try:
                instance.bylaws = BylawsVersion.objects.governing_on(instance.on)
            except ValidationError as refusal:
                raise ValidationError({"called_to_order_at": refusal.messages}) from refusal

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """An earlier meeting was opened, closed, and is known from somewhere; one held here stays as it was."""
        faults = dict(import_validation_errors or {})
        moments = ("called_to_order_at", "adjourned_at")
        touched = {cell.column for cell in self.cells if cell.changed} & {*moments, "quorum_by_hand", "by_hand_because"}
        if not faults and touched:
            opened, closed = (getattr(instance, name) for name in moments)
            if instance.pk and instance.roll.exists():
                faults |= {name: ValidationError(HELD_HERE) for name in touched}
            elif (opened is None) != (closed is None):
                wanting = moments[opened is not None]
                faults[wanting] = ValidationError("Give both when it was called to order and when it was adjourned.")
            elif opened is not None and not instance.by_hand_because.strip():
                faults["by_hand_because"] = ValidationError("Say what shows it: the minute book, a letter.")
        super().validate_instance(instance, faults, **kwargs)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """What waits goes on the agenda of a meeting that is still to come."""
        if self.outcome.good and self.outcome.new:
            services.refresh_coming()


class MotionResource(OfMeeting):
    """Motions: by meeting and number. In come those of earlier meetings, with the outcome that was recorded."""

    about = (
        "A row is a motion of an earlier meeting, named as in the table of meetings: Board meeting 2009-05-20 18:30. "
        "Its outcome is recorded by hand, carried or failed, with what shows it, and nothing is carried out again: "
        "admissions and endings of that time come in with the participations."
    )
    natural_keys = [("meeting", "number")]
    meeting = of_meeting()
    state = Field("state", "outcome", ChoiceWidget(Motion.State.choices))
    mover = shown("mover", "mover")
    seconder = shown("seconder", "seconder")
    method = Field("get_method_display", "method", readonly=True)
    present = Field("present", "present")
    entitled = shown("entitled", "entitled")
    bylaws = shown("bylaws", "bylaws")
    decided_at = moment("decided_at", readonly=True)
    out_of_order = Field("out_of_order", "out_of_order", YesNoWidget(), readonly=True)
    acted = shown("acted", "acted")

    class Meta(RecordResource.Meta):
        model = Motion
        fields = [
            "meeting", "number", "kind", "text", "mover", "seconder", "state", "method", "ayes", "nays", "abstentions",
            "present", "entitled", "by_hand_because", "bylaws", "decided_at", "out_of_order", "acted",
        ]  # fmt: skip
        export_order = fields
        import_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "meeting__bylaws", "mover", "seconder", "bylaws"]

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        """Write the cells to the row in memory; what is new was decided at its meeting, by hand."""
        super().import_instance(instance, row, **kwargs)
        if instance._state.adding and instance.meeting_id is not None:
            meeting = instance.meeting
            instance.method, instance.bylaws = Motion.Method.BY_HAND, meeting.bylaws
            instance.put_at = instance.decided_at = meeting.adjourned_at

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Only of a meeting that was not held here; decided, and known from somewhere."""
        faults = dict(import_validation_errors or {})
        changed = any(cell.changed for cell in self.cells)
        if not faults and changed and instance.meeting_id:
            faults = dict(self._faults(instance))
        super().validate_instance(instance, faults, **kwargs)

    def _faults(self, instance: Any) -> Iterator[tuple[str, ValidationError]]:
        if instance.meeting.roll.exists():
            yield "meeting", ValidationError(HELD_HERE)
        elif instance.meeting.adjourned_at is None:
            yield "meeting", ValidationError("This meeting was not adjourned: record its motions at the meeting.")
        elif instance.state not in dict(OUTCOMES):
            yield "state", ValidationError("Say what was declared: Carried or Failed.")
        elif not instance.by_hand_because.strip():
            yield "by_hand_because", ValidationError("Say what shows the outcome: minutes, a letter, a tally sheet.")


class RollResource(OfMeeting):
    """Rolls of meetings, to read."""

    meeting = of_meeting(readonly=True)
    agency = shown("agency__name", "agency")
    seat = shown("seat", "seat")

    class Meta(RecordResource.Meta):
        model = RollEntry
        fields = ["meeting", "name", "agency", "seat", "entitled", "settled_because", "representative", "recused"]
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "agency", "seat"]


class AttendanceResource(OfMeeting):
    """Who was there from when until when, to read."""

    meeting = of_meeting(readonly=True)
    member = shown("entry__name", "member")
    arrived_at = moment("arrived_at", readonly=True)
    left_at = moment("left_at", readonly=True)

    class Meta(RecordResource.Meta):
        model = Attendance
        fields = ["meeting", "member", "arrived_at", "left_at", "remote", "undone"]
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "entry"]


class VoteResource(OfMeeting):
    """Votes by roll call, to read."""

    meeting_path = "motion__meeting"
    meeting = of_meeting("motion__meeting", readonly=True)
    motion = shown("motion__number", "motion")
    member = shown("entry__name", "member")
    cast_at = moment("cast_at", readonly=True)

    class Meta(RecordResource.Meta):
        model = Vote
        fields = ["meeting", "motion", "member", "choice", "cast_at"]
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "entry"]


class ElectionResource(OfMeeting):
    """Elections, to read: a row for each nominee on each ballot, and one for each nominee before there is one."""

    class Meta(RecordResource.Meta):
        model = Election
        fields = ["meeting"]

    meeting = of_meeting(readonly=True)

    def headings(self) -> list[str]:
        """The names of the columns."""
        return [
            "meeting", "office", "method", "elected", "nominee", "agency", "nominated_by", "consented_on", "declined",
            "ballot", "votes", "blank", "illegal", "present", "the_assembly_decided",
        ]  # fmt: skip

    def rows(self, queryset: models.QuerySet[Any]) -> Iterator[list[Any]]:
        """The rows, whatever their number in the same few queries."""
        whole: Any = queryset
        for election in whole.whole():
            of_election = [meeting_name(election.meeting), str(election.seat), election.get_method_display()]
            of_election.append(election.winner.official.name if election.winner else "")
            for nominee in election.nominees.all():
                person = nominee.official
                of_nominee = [person.name, person.agency.name, nominee.get_by_display()]
                of_nominee += [nominee.consented_on, "yes" if nominee.declined else "no"]
                for ballot in election.ballots.all() or [None]:
                    yield [*of_election, *of_nominee, *_of_ballot(ballot, nominee)]


def _of_ballot(ballot: Any, nominee: Any) -> list[Any]:
    if ballot is None:
        return [""] * 6
    votes = next((count.votes for count in ballot.counts.all() if count.nominee_id == nominee.pk), "")
    return [ballot.number, votes, ballot.blanks, ballot.illegal, ballot.present, ballot.settled_because]


class MinutesResource(OfMeeting):
    """How far the minutes of each meeting have come, to read."""

    meeting = of_meeting(readonly=True)
    state = shown("state", "state")
    approved_on = Field("approved__approved_on", "approved_on", readonly=True)
    sha256 = shown("approved__sha256", "sha256")

    class Meta(RecordResource.Meta):
        model = Minutes
        fields = ["meeting", "state", "circulated_on", "circulated_to", "approved_on", "sha256", "public_on"]
        export_order = fields

    @property
    def followed(self) -> list[str]:
        """Attributes that hold another record."""
        return [*super().followed, "approved"]
