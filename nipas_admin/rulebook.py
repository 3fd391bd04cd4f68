"""docs/rules.md: every clause that the register acts on, the function that applies it, and the tests that try it.

Functions and clauses come from the register of ``nipas_admin.shared.citations``. Tests are found by reading the files,
not by running them: a test tries a rule when it names it, itself or through helpers of the tests.
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

Names = dict[str, set[str]]
"""Per definition, by dotted name: the dotted names that it uses."""


def rulebook() -> str:
    """The whole of docs/rules.md."""
    known = all_rules()
    tried = tests_of(known, definitions_in(Path(settings.BASE_DIR)))
    parts = [INTRODUCTION, *_by_clause(known), *_by_function(known, tried), *_left_to_people(known)]
    return "\n".join(parts) + "\n"


def all_rules() -> list[Rule]:
    """Every rule of every room, after importing all the modules that may declare one; none that a test declared."""
    for app in apps.get_app_configs():
        if Path(app.path).parent == Path(settings.BASE_DIR) and find_spec(f"{app.name}.rules"):
            package = import_module(f"{app.name}.rules")
            for module in walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
                import_module(module.name)
    return [rule for rule in rules() if not rule.name.startswith("tests.")]


# --- The page ---------------------------------------------------------------------------------------------------------


def _by_clause(known: Iterable[Rule]) -> Iterator[str]:
    clauses: dict[Citation, list[Rule]] = {}
    for rule in known:
        for citation in rule.citations:
            clauses.setdefault(citation, []).append(rule)
    yield "## By clause\n\n| Clause | Functions |\n|---|---|"
    for citation in sorted(clauses, key=reading_order):
        links = ", ".join(f"[`{rule.function.__qualname__}`](#{rule.name})" for rule in clauses[citation])
        yield f"| {citation} | {links} |"


def _by_function(known: Iterable[Rule], tried: Mapping[str, list[str]]) -> Iterator[str]:
    module = ""
    yield "\n## By function"
    for rule in known:
        if not rule.formalised:
            continue
        if rule.function.__module__ != module:
            module = rule.function.__module__
            yield f"\n### {module}"
        yield f'\n#### <a id="{rule.name}"></a>{rule.function.__qualname__}\n'
        yield f"{first_paragraph(rule)}\\\nApplies {'; '.join(map(str, rule.citations))}."
        if rule.name in tried:
            yield "\n" + "\n".join(f"- {test}" for test in tried[rule.name])


def _left_to_people(known: Iterable[Rule]) -> Iterator[str]:
    yield "\n## Left to people\n"
    yield "Clauses that call for judgement, or that bind the agencies without anything for a register to do.\n"
    for rule in known:
        if not rule.formalised:
            yield f'- <a id="{rule.name}"></a>{"; ".join(map(str, rule.citations))}: {first_paragraph(rule)}'


def first_paragraph(rule: Rule) -> str:
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


# --- Which tests try which rule ---------------------------------------------------------------------------------------


def tests_of(known: Iterable[Rule], uses: Names) -> dict[str, list[str]]:
    """Per rule, the tests that name it, in words, by file; where none does, the rules through which one reaches it.

    A rule that is missing from the answer is tried by no test at all.
    """
    ruled = {rule.name for rule in known}
    direct: dict[str, list[str]] = {}
    for test in sorted(name for name in uses if name.rpartition(".")[2].startswith("test_")):
        module, _, said = test.rpartition(".")
        for name in sorted(reached(test, uses, stop_at=ruled) & ruled):
            direct.setdefault(name, []).append(f"{module}: {said.removeprefix('test_').replace('_', ' ')}")
    through: dict[str, list[str]] = {}
    for caller in sorted(direct):
        for name in sorted(reached(caller, uses) & ruled - direct.keys()):
            through.setdefault(name, []).append(f"through `{caller}`")
    return direct | through


def reached(start: str, uses: Names, stop_at: Iterable[str] = ()) -> set[str]:
    """Every name that a definition uses, itself or through what it uses; nothing behind those to stop at."""
    found: set[str] = set()
    pending = list(uses.get(start, ()))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            if name not in stop_at:
                pending.extend(uses.get(name, ()))
    return found


def definitions_in(checkout: Path) -> Names:
    """What the tests and the rules define, and what each of them uses."""
    names: Names = {}
    for path in sorted([*checkout.glob("tests/**/*.py"), *checkout.glob("*/rules/*.py"), *checkout.glob("*/rules.py")]):
        module = ".".join(path.relative_to(checkout).with_suffix("").parts)
        names |= definitions_of(ast.parse(path.read_text(encoding="utf-8")), module)
    return names


def definitions_of(tree: ast.Module, module: str) -> Names:
    """What one module defines at its top, and what each of that uses."""
    known = {
        alias.asname or alias.name: f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    defined = [(name, node) for node in tree.body for name in defined_by(node)]
    known |= {name: f"{module}.{name}" for name, _ in defined}
    names: Names = {}
    for name, node in defined:
        used = {found for inner in ast.walk(node) if (found := dotted(inner, known))}
        names.setdefault(f"{module}.{name}", set()).update(used - {f"{module}.{name}"})
    return names


def defined_by(node: ast.stmt) -> list[str]:
    """Names that a top-level statement defines; the tests of a class stand beside it."""
    match node:
        case ast.FunctionDef(name=name):
            return [name]
        case ast.ClassDef(name=name, body=body):
            methods = [inner.name for inner in body if isinstance(inner, ast.FunctionDef)]
            return [name, *(method for method in methods if method.startswith("test_"))]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def dotted(node: ast.AST, known: Mapping[str, str]) -> str | None:
    """``leaving.ends_on`` as ``membership.rules.leaving.ends_on``; None for what the module neither has nor imports."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.Attribute(value=value, attr=attr):
            base = dotted(value, known)
            return f"{base}.{attr}" if base else None
    return None
