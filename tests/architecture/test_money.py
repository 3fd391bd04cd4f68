"""No float where money is counted: none written, none named, none made by dividing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
COUNTS_MONEY = [*sorted((CHECKOUT / "finance").rglob("*.py")), CHECKOUT / "nipas_admin" / "shared" / "money.py"]
MAKES_FLOATS = {"float", "from_float", "truediv", "itruediv", "fsum"}


def floats_in(source: str) -> Iterator[str]:
    """Each place where a float is written, named or made: line and what to do instead."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield f"{node.lineno}: {node.value!r} is a float; write Decimal with its digits in quotes"
        elif isinstance(node, (ast.Name, ast.Attribute, ast.alias)) and _name(node) in MAKES_FLOATS:
            yield f"{node.lineno}: {_name(node)} makes floats; use Decimal, or whole cents"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            yield f"{node.lineno}: / does not come out even; use money.split or money.share, // for whole numbers"


def _name(node: ast.Name | ast.Attribute | ast.alias) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else node.name


@pytest.mark.parametrize("path", COUNTS_MONEY, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_float_where_money_is_counted(path: Path) -> None:
    assert list(floats_in(path.read_text())) == []


def test_the_rules_about_money_are_walked() -> None:
    walked = {str(path.relative_to(CHECKOUT)) for path in COUNTS_MONEY}
    assert {"finance/rules/dues.py", "finance/models/payments.py", "nipas_admin/shared/money.py"} <= walked


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        pytest.param("RATE = 0.5", True, id="a float written"),
        pytest.param("RATE = 1e3", True, id="an exponent"),
        pytest.param("RATE = -0.5", True, id="one below zero"),
        pytest.param("RATE = 2j", True, id="an imaginary number"),
        pytest.param("def due(days: float) -> None: ...", True, id="a float declared"),
        pytest.param("amount = float('1.50')", True, id="a float made"),
        pytest.param("amounts = list(map(float, rows))", True, id="a float named"),
        pytest.param("import builtins\namount = builtins.float('1.50')", True, id="a float by its full name"),
        pytest.param("from builtins import float as number", True, id="a float by another name"),
        pytest.param("amount = Decimal.from_float(rate)", True, id="a Decimal made of a float"),
        pytest.param("from operator import truediv", True, id="a division by its name"),
        pytest.param("half = amount / 2", True, id="a division"),
        pytest.param("amount /= 2", True, id="a division in place"),
        pytest.param("half = cents // 2", False, id="whole numbers divided"),
        pytest.param("amount = Decimal('0.50')", False, id="a Decimal"),
        pytest.param("'''Half of 1.5 / 2, never a float.'''", False, id="words"),
        pytest.param("amount * 2", False, id="a product"),
    ],
)
def test_the_walk_sees_every_way_to_a_float(source: str, caught: bool) -> None:
    assert bool(list(floats_in(source))) is caught


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        pytest.param('import builtins\n\nAMOUNT = builtins.float("1.50")\n', True, id="a float by its full name"),
        pytest.param(
            "from builtins import float as number\n\nAMOUNT = number(1)\n", True, id="a float by another name"
        ),
        pytest.param(
            'from decimal import Decimal\n\nAMOUNT = Decimal.from_float(int("1"))\n',
            True,
            id="a Decimal made of a float",
        ),
        pytest.param('from decimal import Decimal\n\nAMOUNT = Decimal("1.50")\n', False, id="a Decimal"),
    ],
)
def test_the_linter_refuses_what_it_can_see_in_every_room(source: str, caught: bool) -> None:
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "--select", "TID251", "--quiet"]
    result = subprocess.run(
        [*ruff, "--stdin-filename", "finance/rules/sample.py", "-"],
        cwd=CHECKOUT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("TID251" in result.stdout) is caught, result.stdout + result.stderr
