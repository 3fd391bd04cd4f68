"""What the room of mutual aid does: each act has one door here; screens, commands and papers call these."""

from operations.services.cards import (
    Card,
    Checked,
    approve_card,
    card_for,
    check_assignments,
    draft_card,
    miles_between,
)
from operations.services.incidents import (
    add_note,
    ask,
    card_of,
    close_incident,
    filled,
    free_of,
    open_incident,
    raise_alarm,
    record_step,
    request,
    standing_to_call,
    tell_stricken,
)
from operations.services.pocket_cards import send_orders, take_back_sending
from operations.services.readiness import answer, ask_readiness, invitation_of, remind, tally_of
from operations.services.resources import Confirming, confirm_unchanged, record_resource, to_confirm

__all__ = [
    "Card",
    "Checked",
    "Confirming",
    "add_note",
    "answer",
    "approve_card",
    "ask",
    "ask_readiness",
    "card_for",
    "card_of",
    "check_assignments",
    "close_incident",
    "confirm_unchanged",
    "draft_card",
    "filled",
    "free_of",
    "invitation_of",
    "miles_between",
    "open_incident",
    "raise_alarm",
    "record_resource",
    "record_step",
    "remind",
    "request",
    "send_orders",
    "standing_to_call",
    "take_back_sending",
    "tally_of",
    "tell_stricken",
    "to_confirm",
]
