"""The text of an instrument keeps every label, and nothing in it acts."""

from __future__ import annotations

import re

import pytest

from documents.markdown import to_html


def flat(text: str) -> str:
    """The HTML on one line."""
    return re.sub(r"\s*\n\s*", "", to_html(text))


INERT = {
    "a script": ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    "an event handler": ("a <img src=x onerror=alert(1)> b", "&lt;img src=x onerror=alert(1)&gt;"),
    "a link": ("[here](https://example.org)", "[here](https://example.org)"),
    "a link that would run": ("[here](javascript:alert(1))", "[here](javascript:alert(1))"),
    "an address in brackets": ("<https://example.org>", "&lt;https://example.org&gt;"),
    "a picture from the disk": ("![x](file:///etc/passwd)", "![x](file:///etc/passwd)"),
    "a reference": ("[here]\n\n[here]: https://example.org", "[here]: https://example.org"),
    "a style sheet": ("<link rel=stylesheet href=//x>", "&lt;link rel=stylesheet href=//x&gt;"),
    "an attachment": ("<link rel=attachment href=file:///etc/passwd>", "&lt;link rel=attachment"),
}


@pytest.mark.parametrize(("text", "shown"), INERT.values(), ids=INERT)
def test_markup_in_the_text_is_shown_as_it_was_typed(text: str, shown: str) -> None:
    html = to_html(text)

    assert shown in html
    assert not re.search(r"<(a|img|script|link|style|iframe|object|svg)\b", html)


def test_a_comment_of_the_transcriber_is_no_part_of_the_text() -> None:
    assert flat("Before\n\n<!-- l. 5: “NI - PAS”\n\nread as one word -->\n\nafter") == "<p>Before</p><p>after</p>"
    assert flat("Before <!-- never closed\n\nlost") == "<p>Before</p>"


LABELS = {
    "capital letters": ("A. One\n\nB. Two", '<ol class="upper-alpha"><li value="1"><p>One</p></li><li value="2">'),
    "a list that begins at C": ("C. Three", '<ol class="upper-alpha"><li value="3"><p>Three</p></li></ol>'),
    "letters before a parenthesis": ("a) One", '<ol class="lower-alpha-paren"><li value="1">'),
    "letters in parentheses": ("(b) Two", '<ol class="lower-alpha-parens"><li value="2">'),
    "numerals in parentheses": ("(iv) Four", '<ol class="lower-roman-parens"><li value="4">'),
    "figures in parentheses": ("(12) Twelve", '<ol class="decimal-parens"><li value="12">'),
    "figures that skip one": ("1. One\n3. Three", '<li value="1">One</li><li value="3">Three</li>'),
    "figures before a parenthesis": ("2) Two", '<ol start="2" class="decimal-paren"><li value="2">Two</li></ol>'),
    "i after h is a letter": ("h) Eight\n\ni) Nine", '<li value="8"><p>Eight</p></li><li value="9"><p>Nine</p>'),
    "i after c is a numeral": (
        "c) Three\n\ni) One\n\nii) Two\n\nd) Four",
        '<li value="3"><p>Three</p><ol class="lower-roman-paren"><li value="1"><p>One</p></li>'
        '<li value="2"><p>Two</p></li></ol></li><li value="4"><p>Four</p></li></ol>',
    ),
    "v after iv is a numeral": (
        "i) One\n\niv) Four\n\nv) Five",
        '<ol class="lower-roman-paren"><li value="1"><p>One</p></li><li value="4"><p>Four</p></li><li value="5">',
    ),
    "v after u is a letter": (
        "u) U\n\nv) V",
        '<ol class="lower-alpha-paren"><li value="21"><p>U</p></li><li value="22">',
    ),
    "I after H is a letter": ("H. Eight\n\nI. Nine\n\nJ. Ten", '<li value="9"><p>Nine</p></li><li value="10">'),
    "figures under a letter": (
        "A. One\n\n   1. sub\n\nB. Two",
        '<li value="1"><p>One</p><ol><li value="1">sub</li></ol></li><li value="2"><p>Two</p></li></ol>',
    ),
    "letters under a figure": (
        "1. One\n\n   (a) sub",
        '<li value="1"><p>One</p><ol class="lower-alpha-parens"><li value="1"><p>sub</p></li></ol></li></ol>',
    ),
    "a table under a letter": ("A. One\n\n| x |\n|---|\n| 1 |", "<p>One</p><table>"),
    "a paragraph after a letter closes the list": ("A. One\n\nIN WITNESS", "</li></ol><p>IN WITNESS</p>"),
    "a heading after a letter closes the list": ("A. One\n\n## Two", "</li></ol><h2>Two</h2>"),
}


@pytest.mark.parametrize(("text", "shown"), LABELS.values(), ids=LABELS)
def test_every_clause_keeps_the_label_it_has_in_the_text(text: str, shown: str) -> None:
    assert shown in flat(text)


@pytest.mark.parametrize("text", ["(iiiii) no numeral", "(A. no", "A.no space", "Mr. Smith", "No. 5"])
def test_what_only_looks_like_a_label_stays_text(text: str) -> None:
    assert flat(text) == f"<p>{text}</p>"


def test_quotation_marks_are_set_as_in_print_and_no_other_character_is_touched() -> None:
    assert flat('the "Plan", an agency\'s (c) (tm) 1-2 -- ...') == "<p>the “Plan”, an agency’s (c) (tm) 1-2 -- ...</p>"


def test_columns_of_figures_are_marked_without_an_inline_style() -> None:
    html = to_html("| Agency | Officers |\n|---|--:|\n| Elmwood | 12 |")

    assert '<td class="right">12</td>' in html
    assert "style=" not in html
