"""The roll on a day for 18,000 agencies against hand-written SQL that returns the same rows."""

from __future__ import annotations

from django.db import connection

from membership.models import Agency
from script.benches.ratio import Ratio, compare
from script.benches.register import AGENCIES, COLLECTIVE, DAY, fill

# Written for this register and this day: every fact is exact, so the open cases of the real query are left out.
BY_HAND = """
SELECT a.id, a.name FROM membership_agency a WHERE EXISTS (
  SELECT 1 FROM membership_participation p
  JOIN membership_approval ap ON ap.id = p.approval_id
  JOIN membership_execution e ON e.id = p.execution_id
  LEFT JOIN membership_approval aa ON aa.id = p.amended_approval_id
  LEFT JOIN membership_execution ae ON ae.id = p.amended_execution_id
  WHERE p.agency_id = a.id AND ap.latest_on <= %(day)s AND e.head_signed_on <= %(day)s
    AND (p.withdrawn_on IS NULL OR p.withdrawn_on > %(day)s) AND (p.terminated_on IS NULL OR p.terminated_on > %(day)s)
    AND ((p.path = 'new' AND e.chief_signed_on <= %(day)s AND p.board_approved_on <= %(day)s
          AND (p.dues_paid_on <= %(day)s OR NOT p.dues_required))
      OR (p.path = 'original' AND aa.latest_on < %(collective)s AND ae.head_signed_on < %(collective)s
          AND ae.chief_signed_on < %(collective)s))
    AND NOT EXISTS (SELECT 1 FROM membership_proceeding s WHERE s.participation_id = p.id AND s.outcome = 'suspended'
          AND s.effective_on <= %(day)s AND (s.suspended_until_on IS NULL OR s.suspended_until_on > %(day)s)))
ORDER BY a.name
"""


def ours() -> list[tuple[int, str]]:
    """The roll by the register's own query."""
    return list(Agency.objects.active_on(DAY).values_list("pk", "name").order_by("name"))


def by_hand() -> list[tuple[int, str]]:
    """The roll by hand-written SQL."""
    day, collective = (DAY.isoformat(), COLLECTIVE.isoformat()) if connection.vendor == "sqlite" else (DAY, COLLECTIVE)
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"day": day, "collective": collective})
        return cursor.fetchall()  # type: ignore[no-any-return]


def measure() -> list[Ratio]:
    """The ratio, after checking that both return the same rows."""
    fill()
    if ours() != by_hand():
        raise AssertionError("The two rolls differ.")
    mine, best, ratio = compare(ours, by_hand)
    return [
        Ratio(
            f"roll on a day, {AGENCIES:,} agencies with 3 stints each",
            ratio,
            1.5,
            f"{mine * 1e3:.0f} ms against {best * 1e3:.0f} ms, {len(ours()):,} rows",
        )
    ]
