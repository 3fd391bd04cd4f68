"""The papers of mutual aid, each kind under the name by which documents knows it."""

from documents.letters import LetterKind
from operations.letters.cards import alarm_card, pocket_card
from operations.letters.incidents import after_action, inquiry_summary, running_card
from operations.letters.pocket_cards import packing_list
from operations.models import AlarmAssignment, Incident, ReadinessInquiry

LEAVES = "operations/pdf/"

KINDS = (
    LetterKind(
        "operations.card", "Alarm card", AlarmAssignment, "operations.view_alarmassignment", f"{LEAVES}card.html",
        alarm_card, agency_path="agency",
    ),
    LetterKind(
        "operations.pocket", "Pocket cards", None, "operations.view_pocketcard", f"{LEAVES}pocket.html", pocket_card,
        shared_with_agencies=True,
    ),
    LetterKind(
        "operations.packing", "Packing list of pocket cards", None, "operations.change_pocketcardorder",
        f"{LEAVES}packing.html", packing_list,
    ),
    LetterKind(
        "operations.running", "Card of the incident", Incident, "operations.view_incident", f"{LEAVES}running.html",
        running_card,
    ),
    LetterKind(
        "operations.after_action", "After-action report", Incident, "operations.view_incident",
        f"{LEAVES}after_action.html", after_action, agency_path="stricken",
        offered=lambda incident: not incident.is_open,
    ),
    LetterKind(
        "operations.inquiry", "Summary of answers", ReadinessInquiry, "operations.view_readinessinquiry",
        f"{LEAVES}inquiry.html", inquiry_summary,
    ),
)  # fmt: skip
