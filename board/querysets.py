"""Questions about the Board's records, over stored facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from board.rules.terms import NoBylaws, Office, governing
from board.rules.votes import Tally
from nipas_admin.shared.records import RecordQuerySet


class BylawsVersionQuerySet(RecordQuerySet[Any]):
    """Versions of the bylaws."""

    def governing_on(self, day: date) -> Any:
        """The version in force on the day. Raises ValidationError, in words, where none surely is. Two queries."""
        rows = {row.pk: row for row in self.prefetch_related("thresholds")}
        try:
            return rows[governing((row.version_of_rules for row in rows.values()), day).key]
        except NoBylaws as error:
            raise ValidationError(str(error)) from error


class SeatQuerySet(RecordQuerySet[Any]):
    """The seats of the Board."""

    def on(self, day: date, at_large: int) -> SeatQuerySet:
        """The seats there are, with ``term_id``: the latest term begun by the day (NULL where nobody ever sat)."""
        terms = self.model._meta.get_field("terms").related_model.objects.filter(seat=OuterRef("pk"), from_on__lte=day)
        there = ~Q(office=Office.AT_LARGE.value) | Q(number__lte=at_large)
        rows: SeatQuerySet = self.filter(there).annotate(term_id=Subquery(terms.order_by("-from_on").values("pk")[:1]))
        return rows.order_by("pk")


class OfficeTermQuerySet(RecordQuerySet[Any]):
    """Terms of office."""

    def begun_by(self, day: date) -> OfficeTermQuerySet:
        """The terms that had begun by the day, with all that their rule reads."""
        return self.filter(from_on__lte=day).select_related("seat", "holder__agency")


class MeetingQuerySet(RecordQuerySet[Any]):
    """Meetings."""

    def standing(self) -> MeetingQuerySet:
        """Those not cancelled."""
        return self.filter(cancelled_on__isnull=True)

    def of_body(self, kind: str) -> MeetingQuerySet:
        """Those of the same body: Board meetings, or annual and special meetings alike."""
        return self.filter(kind="board") if kind == "board" else self.exclude(kind="board")

    def after(self, meeting: Any) -> MeetingQuerySet:
        """Those called for a later hour."""
        return self.filter(starts_at__gt=meeting.starts_at).order_by("starts_at")


class AgendaItemQuerySet(RecordQuerySet[Any]):
    """Items of agendas."""

    def standing(self) -> AgendaItemQuerySet:
        """Those not left out."""
        return self.filter(dropped=False)

    def waiting(self) -> AgendaItemQuerySet:
        """Those to be carried over that stand on no later agenda; one that was cancelled does not count."""
        later = self.model.objects.filter(came_from=OuterRef("pk"), meeting__cancelled_on__isnull=True)
        return self.filter(~Exists(later), carry_over=True)


class RollEntryQuerySet(RecordQuerySet[Any]):
    """Entries of rolls."""

    def entitled_to_vote(self) -> RollEntryQuerySet:
        """Those that count."""
        return self.filter(entitled=True)

    def with_presence(self) -> RollEntryQuerySet:
        """Annotates ``here``: in the room now."""
        stays = self.model._meta.get_field("attendances").related_model.objects
        rows: RollEntryQuerySet = self.annotate(here=Exists(stays.in_the_room().filter(entry=OuterRef("pk"))))
        return rows

    def as_it_stands(self, entry: int, at: datetime) -> AsItStands:
        """Locks the meeting of an entry, then all that a change of its roll at a moment asks about. Two statements.

        Written by hand: to put them together from their parts costs more than the change itself. Call it in a
        transaction; what is locked first is asked afterwards, so that nothing of it is stale.
        """
        connection = connections[self.db]
        moment = connection.ops.adapt_datetimefield_value(at)
        for_update = " FOR UPDATE OF m" if connection.features.has_select_for_update else ""
        with connection.cursor() as cursor:
            cursor.execute(LOCK + for_update, [entry])
            cursor.execute(AS_IT_STANDS, [moment] * 4 + [entry])
            opened, early, declared_later, left_later, stay_id, running, present = cursor.fetchone()
        return AsItStands(bool(opened), bool(early), bool(declared_later), bool(left_later), stay_id, running, present)


LOCK = "SELECT m.id FROM board_meeting m JOIN board_rollentry e ON e.meeting_id = m.id WHERE e.id = %s"
AS_IT_STANDS = """
SELECT
  m.called_to_order_at IS NOT NULL AND m.adjourned_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM board_pause p WHERE p.meeting_id = m.id AND p.until_at IS NULL),
  m.called_to_order_at > %s,
  EXISTS (SELECT 1 FROM board_motion o WHERE o.meeting_id = m.id AND o.decided_at > %s)
    OR EXISTS (SELECT 1 FROM board_ballot b JOIN board_election n ON n.id = b.election_id
               WHERE n.meeting_id = m.id AND b.taken_at > %s),
  EXISTS (SELECT 1 FROM board_attendance a WHERE a.entry_id = e.id AND NOT a.undone AND a.left_at > %s),
  (SELECT a.id FROM board_attendance a WHERE a.entry_id = e.id AND NOT a.undone AND a.left_at IS NULL),
  (SELECT o.number FROM board_vote v JOIN board_motion o ON o.id = v.motion_id
   WHERE v.entry_id = e.id AND o.state = 'voting'),
  (SELECT COUNT(*) FROM board_attendance a WHERE a.meeting_id = m.id AND NOT a.undone AND a.left_at IS NULL)
FROM board_rollentry e JOIN board_meeting m ON m.id = e.meeting_id WHERE e.id = %s
"""


@dataclass(frozen=True)
class AsItStands:
    """What a change of the roll at a moment asks about, for one entry.

    ``opened``: its meeting is in session; ``early``: the moment is before the call to order. ``declared_later``: a vote
    or ballot after it; ``left_later``: the member left after it. ``stay_id``: the stay it is in. ``running``: the
    number of the motion being voted on in which it has voted. ``present``: how many are in the room.
    """

    opened: bool
    early: bool
    declared_later: bool
    left_later: bool
    stay_id: int | None
    running: int | None
    present: int


class AttendanceQuerySet(RecordQuerySet[Any]):
    """Stays in the room."""

    def in_the_room(self) -> AttendanceQuerySet:
        """Those who are there now."""
        return self.filter(left_at__isnull=True, undone=False)

    def at(self, moment: datetime) -> AttendanceQuerySet:
        """Twin of ``Presence.covers``: those there at the moment."""
        here = Q(left_at__isnull=True) | Q(left_at__gt=moment)
        return self.filter(here, arrived_at__lte=moment, undone=False)


class MotionQuerySet(RecordQuerySet[Any]):
    """Motions."""

    def decided(self) -> MotionQuerySet:
        """Those whose result was declared."""
        return self.filter(state__in=["carried", "failed"])

    def effective(self) -> MotionQuerySet:
        """Twin of ``Motion.effective``: carried, and in order or held to stand."""
        return self.filter(Q(out_of_order=False) | Q(stands=True), state="carried")

    def with_tally(self) -> MotionQuerySet:
        """Annotates the votes of roll calls as ``counted_ayes``, ``counted_nays`` and ``counted_abstentions``.

        ``Motion.tally`` reads them: a list of motions asks no more for more rows.
        """
        choices = {"counted_ayes": "for", "counted_nays": "against", "counted_abstentions": "abstain"}
        rows: MotionQuerySet = self.annotate(
            **{name: Count("votes", filter=Q(votes__choice=choice), distinct=True) for name, choice in choices.items()}
        )
        return rows

    def waiting(self) -> MotionQuerySet:
        """Votes taken out of order that no person has decided about."""
        return self.decided().filter(out_of_order=True, stands__isnull=True)


class VoteQuerySet(RecordQuerySet[Any]):
    """Votes."""

    def tally(self) -> Tally:
        """For, against and abstained, counted in one query."""
        # Grouped, it reads the index of motion and choice alone.
        found = dict(self.order_by().values_list("choice").annotate(number=Count("pk")))
        return Tally(found.get("for", 0), found.get("against", 0), found.get("abstain", 0))


class ElectionQuerySet(RecordQuerySet[Any]):
    """Elections."""

    def whole(self) -> ElectionQuerySet:
        """With nominees and ballots, in a fixed number of queries."""
        return self.select_related("meeting", "seat", "winner__official").prefetch_related(
            "nominees__official__agency", "ballots__counts__nominee__official", "ballots__settled__official"
        )


class MinutesQuerySet(RecordQuerySet[Any]):
    """Minutes."""

    def unapproved(self) -> MinutesQuerySet:
        """Those not approved yet."""
        return self.filter(approved__isnull=True)


class ObjectionQuerySet(RecordQuerySet[Any]):
    """Objections."""

    def open_on(self, day: date) -> ObjectionQuerySet:
        """Those received by the day that wait for a vote."""
        decided = Q(decided_on__isnull=True) | Q(decided_on__gt=day)
        return self.filter(decided, Q(taken_back_on__isnull=True) | Q(taken_back_on__gt=day), received_on__lte=day)


class CommitteeMemberQuerySet(RecordQuerySet[Any]):
    """Members of committees."""

    def on(self, day: date) -> CommitteeMemberQuerySet:
        """Those on their committee on the day."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)


class OperationalPlanQuerySet(RecordQuerySet[Any]):
    """Operational plans."""

    def in_use_on(self, day: date) -> OperationalPlanQuerySet:
        """Those adopted and not replaced by the day."""
        return self.filter(Q(replaced_on__isnull=True) | Q(replaced_on__gt=day), adopted_on__lte=day)

    def with_next_due(self) -> OperationalPlanQuerySet:
        """Annotates ``due_on``: the earliest review or test that is due and not done (NULL for none)."""
        reviews = self.model._meta.get_field("reviews").related_model.objects
        due = reviews.filter(plan=OuterRef("pk"), done_on__isnull=True, due_on__isnull=False).order_by("due_on")
        last = reviews.filter(plan=OuterRef("pk"), done_on__isnull=False).order_by("-done_on")
        rows: OperationalPlanQuerySet = self.annotate(
            due_on=Subquery(due.values("due_on")[:1]),
            last_done_on=Coalesce(Subquery(last.values("done_on")[:1]), F("adopted_on")),
        )
        return rows
