"""Legal acts and questions about agencies. Each act is one function, one transaction, checked before it is written."""

from membership.services.acts import (
    admit,
    choose_date,
    close_application,
    correct_notice,
    decide_proceeding,
    end_suspension,
    pay_joining_dues,
    preview_notice,
    receive_notice,
    rescind_notice,
    restate,
    settle,
    settle_vote,
)
from membership.services.adoption import Progress, adoption_progress
from membership.services.standing import (
    Event,
    Standing,
    nearest_active,
    packet_of,
    standing_of,
    stint_on,
    teams_on,
    timeline_of,
)

__all__ = [
    "Event",
    "Progress",
    "Standing",
    "admit",
    "adoption_progress",
    "choose_date",
    "close_application",
    "correct_notice",
    "decide_proceeding",
    "end_suspension",
    "nearest_active",
    "packet_of",
    "pay_joining_dues",
    "preview_notice",
    "receive_notice",
    "rescind_notice",
    "restate",
    "settle",
    "settle_vote",
    "standing_of",
    "stint_on",
    "teams_on",
    "timeline_of",
]
