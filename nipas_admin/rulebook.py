"""docs/rules.md: every clause that the register acts on, the function that applies it, and the tests that try it.

Functions and clauses come from the register of ``nipas_admin.shared.citations``; tests are found by reading the
test files, not by running them: a test tries a rule when it names it, itself or through its module's own helpers.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages

from django.apps import apps
from django.conf import settings

from nipas_admin.shared.citations import Citation, Rule, rules

ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
INTRODUCTION = """\
# Rules

Every clause that the register acts on, the function that applies it, and the tests that try it. Written by
`manage.py document_rules` from the code itself; do not edit it. Readings (R1 and on) are our choices where the
texts are silent or disagree: see [open questions](open-questions.md).
"""


def rulebook() -> str:
    """The whole of docs/rules.md."""
    known = all_rules()
    tests = tests_of_rules(Path(settings.BASE_DIR) / "tests")
    return "\n".join([INTRODUCTION, *_by_clause(known), *_by_function(known, tests), *_left_to_people(known)]) + "\n"


def all_rules() -> list[Rule]:
    """Every rule of every room, after importing all the modules that may declare one."""
    for app in apps.get_app_configs():
        if Path(app.path).parent == Path(settings.BASE_DIR) and find_spec(f"{app.name}.rules"):
            package = import_module(f"{app.name}.rules")
            for module in walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
                import_module(module.name)
    return list(rules())


def untried(known: Iterable[Rule], tests: Mapping[str, list[str]]) -> list[str]:
    """Names of the formalised rules that no test names. An empty list is what we want."""
    return [rule.name for rule in known if rule.formalised and not tests.get(rule.name)]


def _by_clause(known: Iterable[Rule]) -> Iterator[str]:
    clauses: dict[Citation, list[Rule]] = {}
    for rule in known:
        for citation in rule.citations:
            clauses.setdefault(citation, []).append(rule)
    yield "## By clause\n"
    yield "| Clause | Functions |"
    yield "|---|---|"
    for citation in sorted(clauses, key=reading_order):
        links = ", ".join(f"[`{short_name(rule)}`](#{anchor(rule)})" for rule in clauses[citation])
        yield f"| {citation} | {links} |"
    yield ""


def _by_function(known: Iterable[Rule], tests: Mapping[str, list[str]]) -> Iterator[str]:
    module = ""
    yield "## By function\n"
    for rule in known:
        if not rule.formalised:
            continue
        if rule.function.__module__ != module:
            module = rule.function.__module__
            yield f"### {module}\n"
        yield f"#### {short_name(rule)}\n"
        yield f"{first_line(rule)}\n"
        yield f"Applies {'; '.join(map(str, rule.citations))}.\n"
        yield from (f"- {test}" for test in tests.get(rule.name, []))
        yield ""


def _left_to_people(known: Iterable[Rule]) -> Iterator[str]:
    yield "## Left to people\n"
    yield "Clauses that call for judgement, or that bind the agencies without anything for a register to do.\n"
    for rule in known:
        if not rule.formalised:
            yield f'- <a id="{anchor(rule)}"></a>{"; ".join(map(str, rule.citations))}: {first_line(rule)}'


def short_name(rule: Rule) -> str:
    """The function's name as its module knows it."""
    return rule.function.__qualname__


def anchor(rule: Rule) -> str:
    """Where the rule stands on the page."""
    return short_name(rule).lower().replace(".", "")


def first_line(rule: Rule) -> str:
    """The first paragraph of the docstring on one line. Raises ValueError when a rule has none."""
    said = inspect.getdoc(rule.function)
    if not said:
        raise ValueError(f"{rule.name} says nothing: give it a docstring.")
    return " ".join(said.split("\n\n")[0].split())


def reading_order(citation: Citation) -> tuple[str, list[tuple[int, str]]]:
    """Sorts articles and sections as they stand in the text: II before IX before X, 3.H before 4.A, R2 before R10."""
    parts = re.findall(r"\d+|[A-Za-z]+", citation.place.removeprefix("Art. "))
    roman = citation.place.startswith("Art.")
    return citation.instrument, [
        (int(part) if part.isdigit() else roman_number(part) if roman and set(part) <= ROMAN.keys() else 0, part)
        for part in parts
    ]


def roman_number(numeral: str) -> int:
    """XIV is 14."""
    values = [ROMAN[letter] for letter in numeral]
    return sum(-value if value < max(values[i:]) else value for i, value in enumerate(values))


def tests_of_rules(folder: Path) -> dict[str, list[str]]:
    """Per dotted name, the tests that name it, as ``file: what the test says``, in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        module = TestModule(ast.parse(path.read_text(encoding="utf-8")))
        for test in module.tests():
            said = f"{path.relative_to(folder.parent)}: {test.removeprefix('test_').replace('_', ' ')}"
            for name in sorted(module.names_behind(test)):
                found.setdefault(name, []).append(said)
    return found


class TestModule:
    """What one test file imports and which of its definitions lean on which."""

    __test__ = False

    def __init__(self, tree: ast.Module) -> None:
        """Read the imports and the top-level definitions."""
        self.imported: dict[str, str] = {}
        self.definitions: dict[str, list[ast.AST]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                self.imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                self.imported |= {alias.asname or alias.name: alias.name for alias in node.names}
        for node in tree.body:
            for name in defined_by(node):
                self.definitions.setdefault(name, []).append(node)

    def tests(self) -> list[str]:
        """Names of the tests, in the order they stand."""
        return [name for name in self.definitions if name.startswith("test_")]

    def names_behind(self, test: str) -> set[str]:
        """Dotted names that the test uses, itself or through definitions of its module."""
        found: set[str] = set()
        seen: set[str] = set()
        pending = [test]
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            for definition in self.definitions[name]:
                for node in ast.walk(definition):
                    if isinstance(node, ast.Name) and node.id in self.definitions:
                        pending.append(node.id)
                    elif dotted := self.dotted(node):
                        found.add(dotted)
        return found

    def dotted(self, node: ast.AST) -> str | None:
        """``leaving.ends_on`` as ``membership.rules.leaving.ends_on``; None for what was not imported."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value)
            return f"{base}.{node.attr}" if base else None
        return None


def defined_by(node: ast.stmt) -> list[str]:
    """Names that a top-level statement defines; the tests of a class count as its own."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.ClassDef):
        return [node.name, *(inner.name for inner in node.body if isinstance(inner, ast.FunctionDef))]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []
