"""How outcomes and states of the Board's records are shown, the same in lists and on pages."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from board.models import Minutes, Motion
from board.rules.votes import depends_on_reading
from board.services import outcome_of
from nipas_admin.shared.badges import badge

MINUTES_BADGES = {
    Minutes.State.DRAFT: "missing",
    Minutes.State.CIRCULATED: "applicant",
    Minutes.State.APPROVED: "done",
}


def outcome_badge(motion: Motion) -> SafeString:
    """Carried or failed, and beside it what a reader must know: out of order, or that it depends on the reading."""
    shown = [badge(state_of_motion(motion), motion.get_state_display())]
    if motion.decided and motion.out_of_order:
        shown.append(_order(motion))
    if motion.decided and depends_on_reading(outcome_of(motion)):
        shown.append(badge("not_determined", "Depends on the reading"))
    return format_html(" ".join(["{}"] * len(shown)), *shown)


def said_of_motion(motion: Motion) -> str:
    """Its state in words, with what a reader must know beside it."""
    said = [str(motion.get_state_display())]
    if motion.decided and motion.out_of_order:
        said.append("out of order" + {None: "", True: ", held to stand", False: ", does not stand"}[motion.stands])
    if motion.decided and depends_on_reading(outcome_of(motion)):
        said.append("depends on the reading")
    return ", ".join(said)


def state_of_motion(motion: Motion) -> str:
    """The look of the badge of a motion's state."""
    return {
        Motion.State.CARRIED: "done",
        Motion.State.FAILED: "ended",
        Motion.State.VOTING: "active",
        Motion.State.WITHDRAWN: "prospect",
        Motion.State.PENDING: "applicant",
    }[Motion.State(motion.state)]


def _order(motion: Motion) -> SafeString:
    if motion.stands is None:
        return badge("overdue", "Out of order")
    return badge("prospect", "Out of order, held to stand" if motion.stands else "Out of order, does not stand")


def minutes_badge(minutes: Minutes) -> Any:
    """The badge of how far minutes have come."""
    state = Minutes.State(minutes.state)
    return badge(MINUTES_BADGES[state], state.label)
