"""Markdown of the instruments to HTML: their words, their labels, and nothing that acts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
LABEL = re.compile(r"(?P<open>\(?)(?P<mark>[A-Za-z]|[ivx]{2,5}|[IVX]{2,5}|[0-9]{1,2})(?P<close>[.)])\s+(?=\S)")
STAYS_IN_ITS_CLAUSE = {"bullet_list_open", "ordered_list_open", "table_open"}
ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN = [tens + ones for tens in ("", "x", "xx", "xxx") for ones in ONES]


def to_html(text: str) -> SafeString:
    """The text as HTML that is safe to show.

    Raw HTML and links come out as the characters that were typed; comments, the transcriber's notes, are left out.
    Paragraphs that begin with a label (``A.``, ``(b)``, ``iv)``) become items of lists, nested as the kinds of their
    labels follow one another. Every label is the one in the text. The list styles are in ``documents/labels.css``.
    """
    return SafeString(_parser().render(COMMENT.sub("", text)))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "smartquotes"])
    parser.disable(["link", "image", "autolink", "reference", "html_block", "html_inline"])
    parser.core.ruler.after("inline", "labels", _label_all)
    return parser


@dataclass(frozen=True)
class Label:
    """What a clause is called: the kind of label, which also names its list style, and its place in the row."""

    kind: str
    value: int


def _label_all(state: StateCore) -> None:
    """Keep the number of each numbered item, make lettered paragraphs items, and align cells without inline style."""
    for token in state.tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        elif token.type == "ordered_list_open" and token.markup == ")":
            token.attrSet("class", "decimal-paren")
        elif token.type in ("td_open", "th_open") and "style" in token.attrs:
            token.attrSet("class", str(token.attrs.pop("style")).removeprefix("text-align:"))
    state.tokens = _with_clauses(state.tokens)


def _with_clauses(tokens: list[Token]) -> list[Token]:
    """The tokens with each run of labelled paragraphs, and the lists and tables under them, made nested lists."""
    out: list[Token] = []
    open_labels: list[Label] = []
    position = 0
    while position < len(tokens):
        block = _block(tokens, position)
        position += len(block)
        label = _take_label(block, open_labels)
        if label:
            out += _begin(label, open_labels)
        elif block[0].type not in STAYS_IN_ITS_CLAUSE:
            while open_labels:
                out += _end(open_labels)
        if len(block) > 2 and block[0].type != "paragraph_open":
            block = [block[0], *_with_clauses(block[1:-1]), block[-1]]
        out += block
    while open_labels:
        out += _end(open_labels)
    return out


def _begin(label: Label, open_labels: list[Label]) -> list[Token]:
    """Tokens that begin a clause: the next of its list if one of its kind is open, else the first of an inner list."""
    tokens: list[Token] = []
    if label.kind in (outer.kind for outer in open_labels):
        while open_labels[-1].kind != label.kind:
            tokens += _end(open_labels)
        tokens.append(_tag("list_item_close", "li", -1))
        open_labels.pop()
    else:
        tokens.append(_tag("ordered_list_open", "ol", 1, "class", label.kind))
    open_labels.append(label)
    return [*tokens, _tag("list_item_open", "li", 1, "value", str(label.value))]


def _end(open_labels: list[Label]) -> list[Token]:
    """Tokens that close the innermost list."""
    open_labels.pop()
    return [_tag("list_item_close", "li", -1), _tag("ordered_list_close", "ol", -1)]


def _block(tokens: list[Token], start: int) -> list[Token]:
    """The token at this position together with everything up to its closing token."""
    depth = 0
    for end in range(start, len(tokens)):
        depth += tokens[end].nesting
        if depth == 0:
            return tokens[start : end + 1]
    raise ValueError("A block of the text is opened and never closed.")


def _take_label(block: list[Token], open_labels: list[Label]) -> Label | None:
    """The label a paragraph begins with, taken out of its text; None for every other block."""
    if block[0].type != "paragraph_open" or not block[1].children:
        return None
    first = block[1].children[0]
    found = LABEL.match(first.content) if first.type == "text" else None
    if not found or found["open"] + found["close"] == "(.":
        return None
    label = _label(found["mark"], found["open"] + found["close"], open_labels)
    if label:
        first.content = first.content[found.end() :]
        block[0].hidden = block[-1].hidden = False
    return label


def _label(mark: str, around: str, open_labels: list[Label]) -> Label | None:
    """The label these characters make after the labels now open: ``i`` after ``h`` is a letter, else a numeral.

    None for what only looks like one: a bare number with a full stop is Markdown's own, ``xxxx`` is no numeral.
    """
    punctuation = {".": "", ")": "-paren", "()": "-parens"}[around]
    if mark.isdigit():
        return Label(f"decimal{punctuation}", int(mark)) if around == "()" else None
    case = "upper" if mark.isupper() else "lower"
    roman = ROMAN.index(mark.lower()) if mark.lower() in ROMAN else 0
    letters, numerals = f"{case}-alpha{punctuation}", f"{case}-roman{punctuation}"
    if len(mark) == 1:
        letter = Label(letters, ord(mark.lower()) - ord("a") + 1)
        follows = Label(letters, letter.value - 1) in open_labels
        if follows or not roman or (mark.lower() != "i" and Label(numerals, roman - 1) not in open_labels):
            return letter
    return Label(numerals, roman) if roman else None


def _tag(kind: str, tag: str, nesting: Literal[-1, 1], attribute: str = "", value: str = "") -> Token:
    return Token(kind, tag, nesting, attrs={attribute: value} if attribute else {}, block=True)
