"""The outcome of one motion with 18,000 roll-call votes against the one aggregate that a person would write by hand."""

from __future__ import annotations

from django.db import connection

from board import services
from board.models import Motion
from script.benches.meetings import session, voted
from script.benches.ratio import Ratio, compare

AGENCIES = 18_000
BY_HAND = """
SELECT COUNT(CASE WHEN choice = 'for' THEN 1 END), COUNT(CASE WHEN choice = 'against' THEN 1 END),
  COUNT(CASE WHEN choice = 'abstain' THEN 1 END)
FROM board_vote WHERE motion_id = %s
"""


def by_hand(motion: Motion) -> tuple[int, int, int]:
    """For, against, abstained."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [motion.pk])
        return cursor.fetchone()  # type: ignore[no-any-return]


def measure() -> list[Ratio]:
    """The ratio, after checking that both count the same."""
    motion = voted(session(AGENCIES, AGENCIES))
    counted = motion.tally
    if counted is None or by_hand(motion) != (counted.ayes, counted.nays, counted.abstentions):
        raise AssertionError("The two counts differ.")
    mine, best, ratio = compare(lambda: services.outcome_of(motion), lambda: by_hand(motion), rounds=15)
    note = f"{mine * 1e3:.2f} ms against {best * 1e3:.2f} ms"
    return [Ratio(f"outcome of a motion with {AGENCIES:,} roll-call votes", ratio, 1.5, note)]
