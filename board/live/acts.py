"""The acts that the live page offers, by their address; and which of them stand on the floor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from board.live import election_forms, forms, motion_forms
from board.live.forms import LiveForm
from board.live.page import Floor
from board.models import Meeting, Motion
from nipas_admin.shared.pages import Button

ACTS: Mapping[str, type[LiveForm]] = {
    kind.slug: kind
    for kind in (
        forms.OrderForm,
        forms.PauseForm,
        forms.ResumeForm,
        forms.AdjournForm,
        forms.ParagraphForm,
        forms.RepresentForm,
        forms.RecuseForm,
        motion_forms.MotionForm,
        motion_forms.PutForm,
        motion_forms.DeclareForm,
        motion_forms.WithdrawForm,
        motion_forms.SettleForm,
        election_forms.OpenElectionForm,
        election_forms.NominateForm,
        election_forms.DeclineForm,
        election_forms.BallotForm,
        election_forms.TieForm,
        election_forms.VoiceForm,
        election_forms.ElectedByHandForm,
    )
}


def buttons_of(meeting: Meeting) -> tuple[Button, ...]:
    """The acts on the meeting itself, each opened on the desk."""
    if meeting.adjourned_at:
        return ()
    offered = (motion_forms.MotionForm, forms.PauseForm, forms.AdjournForm)
    labels = {"move": "New motion", "suspend": "Suspend", "adjourn": "Adjourn"}
    return tuple(
        Button(labels[kind.slug], reverse("board:live_act", args=[meeting.pk, kind.slug]), primary=kind is offered[0])
        for kind in offered
    )


def floor_forms(meeting: Meeting, floor: Floor, user: Any, at: datetime) -> dict[str, LiveForm]:
    """The forms that stand under what is before the meeting, by name."""
    known: dict[str, Any] = {"user": user, "meeting": meeting, "at": at}
    if meeting.state == Meeting.State.SUSPENDED:
        return {"resume": forms.ResumeForm(subject=meeting, **known)}
    motion = floor.motion
    if motion is None:
        return {}
    if motion.state == Motion.State.PENDING:
        return {
            "put": motion_forms.PutForm(subject=motion, **known),
            "withdraw": motion_forms.WithdrawForm(subject=motion, **known),
        }
    if motion.state == Motion.State.VOTING:
        return {
            "declare": motion_forms.DeclareForm(subject=motion, **known),
            "withdraw": motion_forms.WithdrawForm(subject=motion, **known),
        }
    if motion.out_of_order and motion.stands is None:
        return {"settle": motion_forms.SettleForm(subject=motion, **known)}
    return {}
