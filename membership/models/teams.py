"""Specialized Teams and the agencies that elect to take part in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from membership.models.fields import day, ends_after, once, paper
from membership.models.participation import Participation
from membership.querysets import TeamParticipationQuerySet
from nipas_admin.shared.records import Record


class SpecializedTeam(Record):
    """A team that the Board established (Bylaws Art. VII)."""

    name = models.CharField(max_length=100, unique=True)
    short_name = models.CharField(max_length=20, unique=True)
    scope = models.TextField("scope of services", blank=True)
    criteria = models.TextField("participation criteria", blank=True)
    established_on = day("established on")
    ended_on = day("ended on", "First day the team no longer exists.")

    class Meta(Record.Meta):
        ordering = ["name"]
        constraints = [
            ends_after("established_on", "ended_on", "team_ends_after_start", "A team ends after it was established.")
        ]

    def __str__(self) -> str:
        return self.name


class TeamParticipation(Record):
    """An agency's place in a team during one stint; it ends with the stint (Agreement §3.K, Bylaws Art. VII §4)."""

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="teams")
    team = models.ForeignKey(SpecializedTeam, models.PROTECT, related_name="participations")
    officers_committed = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Officers the agency commits. Blank when not known."
    )
    elected_on = day("elected in on")
    ended_on = day("ended on", "First day out of the team. Blank while it lasts; it ends by itself with participation.")
    agreement_on = day(
        "separate agreement dated", "Participation in a team rests on a separate agreement (Agreement §2)."
    )
    agreement_paper = paper("separate agreement")
    compliant_on = day("meets the Additional Requirements since")
    note = models.TextField(blank=True)

    objects: ClassVar = TeamParticipationQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["team__name", "participation__agency__name"]
        constraints = [
            ends_after(
                "elected_on",
                "ended_on",
                "team_participation_ends_after_start",
                "The agency left the team after it elected in.",
            ),
            *once(
                ["participation", "team"],
                "elected_on",
                "team_participation_once",
                "This agency's place in this team from this day is already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation.agency} in {self.team}"
