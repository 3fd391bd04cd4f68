"""Readiness inquiries: asked of agencies, answered once by a link or through the coordinator, tallied."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime

from membership.models import Agency, SpecializedTeam, TeamParticipation
from nipas_admin.shared.records import saved
from operations.models import ReadinessInquiry, ReadinessInvitation
from operations.rules.readiness import Reply, Tally, tally


def secret_of(token: str) -> str:
    """What is stored of a link: only its SHA-256, so that nobody who reads the register can answer."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask_readiness(
    *, title: str, scenario: str, closes_at: datetime, at: datetime, by: Any, team: SpecializedTeam | None = None,
    agencies: Iterable[Agency] = (), asked_for: str = "",
) -> tuple[ReadinessInquiry, dict[int, str]]:  # fmt: skip
    """Ask the agencies of a team, or these agencies. Returns the inquiry and, by agency, the token of its link.

    The tokens are shown once and stored nowhere. Raises ValidationError when nobody would be asked.
    """
    inquiry = saved(
        ReadinessInquiry(
            title=title,
            scenario=scenario,
            team=team,
            closes_at=closes_at,
            asked_at=at,
            asked_by=by,
            asked_for=asked_for,
        )
    )
    asked = list(agencies) if team is None else _in_team(team, at)
    if not asked:
        raise ValidationError("Nobody would be asked: choose agencies, or a team that has some on this day.")
    day = localtime(at).date()
    active = set(
        Agency.objects.active_on(day).filter(pk__in=[agency.pk for agency in asked]).values_list("pk", flat=True)
    )
    if left := [str(agency) for agency in asked if agency.pk not in active]:
        raise ValidationError(f"Only active agencies are asked (Bylaws Art. III §11). Leave out: {', '.join(left)}.")
    tokens = {agency.pk: secrets.token_urlsafe(24) for agency in asked}
    for agency in asked:
        saved(ReadinessInvitation(inquiry=inquiry, agency=agency, secret=secret_of(tokens[agency.pk])))
    return inquiry, tokens


def _in_team(team: SpecializedTeam, at: datetime) -> list[Agency]:
    day = localtime(at).date()
    places = TeamParticipation.objects.standing_on(day).filter(team=team).values("participation__agency")
    return list(Agency.objects.active_on(day).filter(pk__in=places).order_by("name"))


def invitation_of(token: str) -> ReadinessInvitation:
    """The invitation a link leads to. Raises ValidationError for a link that leads nowhere."""
    found: ReadinessInvitation | None = (
        ReadinessInvitation.objects.filter(secret=secret_of(token)).select_related("inquiry", "agency").first()
    )
    if found is None:
        raise ValidationError("This link leads nowhere. Ask the coordinator for the one that was sent to you.")
    return found


@transaction.atomic
def answer(
    *, invitation: ReadinessInvitation, reply: Reply, at: datetime, replied_by: str, people: int | None = None,
    hours: int | None = None, reason: str = "", by_coordinator: bool = False,
) -> ReadinessInvitation:  # fmt: skip
    """Record what the chief or sheriff answered. By the link once and in time; the coordinator may correct it.

    Raises ValidationError, in words, for a link used before or past its time, and for an answer that says too little.
    """
    row: ReadinessInvitation
    row = ReadinessInvitation.objects.select_for_update(of=("self",)).select_related("inquiry").get(pk=invitation.pk)
    if not by_coordinator and row.reply:
        raise ValidationError(
            f"This link was used already: {row.agency} answered {row.get_reply_display().lower()}. "
            "Ask the coordinator to change it."
        )
    if not by_coordinator and at >= row.inquiry.closes_at:
        raise ValidationError("The time to answer has passed. Call the coordinator.")
    if not replied_by.strip():
        raise ValidationError({"replied_by": "Say who answers: the chief or sheriff, or the one they name."})
    if reply is not Reply.NO and not people:
        raise ValidationError({"people": "Say how many would come."})
    if reply is not Reply.NO and hours is None:
        raise ValidationError({"hours": "Say within how many hours."})
    row.reply, row.people, row.hours, row.reason = reply.value, people, hours, reason
    row.replied_at, row.replied_by, row.by_coordinator = at, replied_by, by_coordinator
    return saved(row)


def tally_of(inquiry: ReadinessInquiry) -> Tally:
    """What was answered so far, by reply and by hour."""
    rows = list(inquiry.invitations.all())
    return tally(len(rows), [row.answered for row in rows if row.answered is not None])


@transaction.atomic
def remind(*, inquiry: ReadinessInquiry, at: datetime) -> int:
    """Record that the silent were reminded. Returns how many they are. Raises ValidationError past its time."""
    if at >= inquiry.closes_at:
        raise ValidationError("The time to answer has passed: nobody is reminded any more.")
    rows = list(inquiry.invitations.silent().select_for_update(of=("self",)))
    for row in rows:
        row.reminded_at = at
        saved(row)
    return len(rows)


@transaction.atomic
def renew_links(*, inquiry: ReadinessInquiry, at: datetime) -> dict[int, str]:
    """The silent are reminded with new links, for those sent before are kept nowhere; these lead nowhere from now on.

    Returns, by agency, the token of its link. Raises ValidationError past the time of the inquiry.
    """
    remind(inquiry=inquiry, at=at)
    rows = list(inquiry.invitations.silent())
    tokens = {row.agency_id: secrets.token_urlsafe(24) for row in rows}
    for row in rows:
        row.secret = secret_of(tokens[row.agency_id])
        saved(row)
    return tokens
