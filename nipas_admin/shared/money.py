"""Money: US dollars as exact cents. Read from what people type, shown as they write it, split without a remainder.

Nothing here, and nothing that is built on it, is ever a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MOST = Decimal("9999999999.99")

_PLAIN = re.compile(r"\$? ?(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.(?P<cents>[0-9]*))?", re.ASCII)
_BELOW_ZERO = re.compile(r"[-−] ?(?P<bare>.+)|\((?P<in_brackets>.+)\)", re.ASCII)
LONGEST = 40  # characters that an amount may be typed in
HOW_TO_WRITE = "Write dollars and cents as 1234.50 or $1,234.50."


def read(text: str, *, below_zero: bool = False) -> Decimal:
    """The amount that was typed: ``1234.5``, ``$1,234.50``. Raises ValueError, saying what is wrong and what to write.

    Only the digits 0–9, commas between thousands, and one point: no exponent, nothing below a cent, and no sign, unless
    amounts ``below_zero`` are taken too: ``-420.00`` or ``(420.00)``, as on a bank's statement.
    """
    said = text.strip()
    if not said:
        raise ValueError(f"Give an amount. {HOW_TO_WRITE}")
    if len(said) > LONGEST:
        raise ValueError(f"“{said[:LONGEST]}…” is too long for an amount in dollars and cents. {HOW_TO_WRITE}")
    if negative := _BELOW_ZERO.fullmatch(said):
        if below_zero:
            return -read(negative["bare"] or negative["in_brackets"])
        raise ValueError(f"“{said}” is below zero. Give what was paid or is owed; corrections are made by reversing.")
    match = _PLAIN.fullmatch(said)
    if not match or not (match["whole"] or match["cents"]):
        raise ValueError(f"“{said}” is not an amount in dollars and cents. {HOW_TO_WRITE}")
    if len(match["cents"] or "") > 2:
        raise ValueError(f"“{said}” has more than two decimals: money is counted in whole cents. {HOW_TO_WRITE}")
    amount = Decimal(f"{(match['whole'] or '0').replace(',', '')}.{match['cents'] or '':0<2}")
    if amount > MOST:
        raise ValueError(f"“{said}” is more than {shown(MOST)}; check the figure.")
    return amount


def of_cents(cents: int) -> Decimal:
    """So many cents, in dollars."""
    return Decimal(cents).scaleb(-2)


def to_cents(amount: Decimal | int) -> int:
    """The amount in cents. Raises ValueError for anything but a Decimal or an int that is a whole number of cents."""
    if type(amount) in (Decimal, int) and Decimal(amount).is_finite():
        dollars, parts = amount.as_integer_ratio()
        cents, rest = divmod(dollars * 100, parts)
        if not rest:
            return cents
    raise ValueError(f"{amount} is not a whole number of cents.")


def shown(amount: Decimal | None) -> str:
    """As people write it: ``$1,234.50``, ``−$20.00``; empty for None."""
    if amount is None:
        return ""
    return f"{'−' if amount < 0 else ''}${abs(amount):,.2f}"


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum; $0.00 of nothing."""
    return sum(amounts, ZERO)


def split(amount: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The amount in parts by weight that sum to it exactly: spare cents go to the largest remainders, then in order.

    Raises ValueError for an amount below zero or weights that do not add up to more than nothing.
    """
    cents, whole = to_cents(amount), sum(weights)
    if cents < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("Only an amount of zero or more is split, by weights that add up to more than zero.")
    shares = [cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(cents * weights[n] % whole))
    for n in by_remainder[: cents - sum(shares)]:
        shares[n] += 1
    return [of_cents(share) for share in shares]


def share(amount: Decimal, part: int, whole: int) -> Decimal:
    """So many parts of the whole: the first of the two parts into which ``split`` divides the amount.

    Raises ValueError for less than none of the whole, and for more than all of it.
    """
    return split(amount, [part, whole - part])[0]
