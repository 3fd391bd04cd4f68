"""Elections at the annual meeting: nominees and ballots."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property

from board.models.meetings import AgendaItem, Meeting, RollEntry
from board.models.seats import Seat
from board.querysets import ElectionQuerySet
from board.rules.elections import Round
from board.rules.motions import Gathering
from membership.models import Official
from membership.models.fields import day
from nipas_admin.shared.records import Record


class Election(Record):
    """The election of one office at one annual meeting (Bylaws Art. V §8–9)."""

    class Method(models.TextChoices):
        """How it is held."""

        BALLOT = "ballot", "Ballot"
        VOICE = "voice", "Voice vote"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="elections")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="elections", verbose_name="office")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="elections", verbose_name="agenda item"
    )
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.BALLOT, editable=False)
    decided_at = models.DateTimeField("result declared", null=True, blank=True, editable=False)
    winner = models.ForeignKey(
        "board.Nominee", models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="elected"
    )
    declared_because = models.CharField(
        max_length=300, blank=True, editable=False,
        help_text="By voice, or under bylaws whose figures are not known: what was declared.",
    )  # fmt: skip
    note = models.TextField(blank=True)

    objects: ClassVar = ElectionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["meeting", "seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                name="election_once",
                violation_error_message="This meeting already elects to this office.",
            ),
            models.CheckConstraint(
                condition=models.Q(winner__isnull=True) | models.Q(decided_at__isnull=False),
                name="election_winner_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"Election of the {self.seat}, {self.meeting}"

    def clean(self) -> None:
        """President and Vice-President are elected, at the annual meeting."""
        if self.seat_id and not self.seat.kind.is_elected:
            raise ValidationError({"seat": "Only President and Vice-President are elected (Bylaws Art. V §2)."})
        if self.meeting_id and self.meeting.gathering is not Gathering.ANNUAL:
            raise ValidationError({"meeting": "Elections occur at the Annual General Meeting (Bylaws Art. V §9)."})

    @cached_property
    def names(self) -> dict[int, str]:
        """The nominees' names by primary key, for the rules; with the agency where two have the same name."""
        nominees = list(self.nominees.all())
        often = Counter(nominee.official.name for nominee in nominees)
        return {
            nominee.pk: nominee.official.name
            if often[nominee.official.name] == 1
            else f"{nominee.official.name} ({nominee.official.agency})"
            for nominee in nominees
        }

    def rounds_of_rules(self) -> list[Round]:
        """Its ballots in order, for the rules, with the nominees by name."""
        names = self.names
        return [
            Round(
                votes={names[count.nominee_id]: count.votes for count in ballot.counts.all()},
                present=ballot.present,
                entitled=self.meeting.entitled,
                blanks=ballot.blanks,
                illegal=ballot.illegal,
                settled=tuple(names[nominee.pk] for nominee in ballot.settled.all()),
                settled_because=ballot.settled_because,
            )
            for ballot in self.ballots.all()
        ]


class Nominee(Record):
    """One person nominated for one office."""

    class By(models.TextChoices):
        """Who nominated."""

        COMMITTEE = "committee", "Nominating Committee"
        FLOOR = "floor", "From the floor"

    election = models.ForeignKey(Election, models.PROTECT, related_name="nominees")
    official = models.ForeignKey(Official, models.PROTECT, related_name="nominations", verbose_name="nominee")
    by = models.CharField("nominated by", max_length=10, choices=By.choices, default=By.COMMITTEE)
    nominated_by = models.ForeignKey(
        RollEntry, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="agency that nominates", help_text="From the floor: an active agency (Bylaws Art. V §8).",
    )  # fmt: skip
    consented_on = day("consented on", "The Committee obtains consent before it presents the name (Bylaws Art. V §8).")
    declined = models.BooleanField(default=False, help_text="Took the name back before the ballot.")

    class Meta(Record.Meta):
        ordering = ["election", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "official"],
                name="nominee_once",
                violation_error_message="This person is already nominated for this office.",
            ),
        ]

    def __str__(self) -> str:
        return self.official.name


class Ballot(Record):
    """One ballot of an election, as the tellers counted it."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="ballots")
    number = models.PositiveSmallIntegerField(editable=False)
    taken_at = models.DateTimeField()
    present = models.PositiveIntegerField("agencies present", editable=False)
    blanks = models.PositiveIntegerField("blank", default=0, help_text="Not counted (Reading R11).")
    illegal = models.PositiveIntegerField(
        default=0, help_text="Of entitled voters, for nobody who can be elected: counted as cast (Reading R11)."
    )
    settled = models.ManyToManyField("board.Nominee", blank=True, related_name="+", editable=False)
    settled_because = models.CharField("the assembly decided", max_length=300, blank=True, editable=False)

    class Meta(Record.Meta):
        ordering = ["election", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "number"],
                name="ballot_number_once",
                violation_error_message="This ballot is already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ballot {self.number}, {self.election}"


class BallotCount(Record):
    """The votes for one nominee on one ballot."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="counts")
    nominee = models.ForeignKey(Nominee, models.PROTECT, related_name="counts")
    votes = models.PositiveIntegerField()

    class Meta(Record.Meta):
        ordering = ["ballot", "-votes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "nominee"],
                name="count_once",
                violation_error_message="This nominee's votes on this ballot are already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee}: {self.votes}"
