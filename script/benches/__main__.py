"""Runs the benches named on the command line, or all of them, and prints a line for each ratio."""

from __future__ import annotations

import importlib
import sys

import django

BENCHES = (
    "roll",
    "agency_list",
    "press",
    "press_run",
    "import_agencies",
    "finance_import",
    "board_roll",
    "board_vote",
    "board_clerks",
    "finance_run",
    "finance_aging",
    "operations_card",
)


def main() -> None:
    """Print every ratio; exit 1 when one is over its limit."""
    django.setup()
    over = False
    for name in sys.argv[1:] or BENCHES:
        for ratio in importlib.import_module(f"script.benches.{name}").measure():
            print(ratio, flush=True)  # noqa: T201 - the figures are the product
            over |= not ratio.within
    sys.exit(over)


if __name__ == "__main__":
    main()
