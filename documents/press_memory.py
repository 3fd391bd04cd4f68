"""What the press found out for one paper and need not find out again for the next: styles, lines and cut fonts.

Papers of one kind have the same elements under the same rules, and most of their words. WeasyPrint computes the style
of each element anew for each document, and measures each line of text several times. Both depend on nothing else in
the paper, so the press keeps them with its fonts; what is printed has the same bytes. Importing this module makes
WeasyPrint look into the memory of those fonts; with any other ``FontConfiguration`` it works as always.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import weasyprint.css
from weasyprint.css import StyleFor
from weasyprint.layout import inline, preferred
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import split_first_line

STYLES = 2_000  # about twenty kinds of paper
LINES = 10_000
CUTS = 100
GLYPHS = 8


class Memory(FontConfiguration):
    """The fonts of a press, with the styles and lines it set in them and the cuts of them it printed."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(mkdtemp(prefix="press-"))  # copies of the fonts; the styles refer to the memory, so that
        Finalize(self, rmtree, (self._folder, True), exitpriority=0)  # a process may end before it is deleted
        self.styles: dict[tuple[Any, ...], Any] = {}
        self.lines: dict[tuple[Any, ...], Any] = {}
        self.cuts: dict[tuple[Any, ...], bytes] = {}

    def fonts_of_a_paper(self) -> _Fonts:
        """What a document's ``fonts`` are to be before it is written."""
        return _Fonts(self)


class _Fonts(dict[Any, Any]):
    """The fonts of one document, each cut down to the glyphs it uses and their neighbours.

    WeasyPrint cuts every font anew to the very glyphs of a document, which hardly two papers have in common. Cut by
    groups of ``GLYPHS`` nearly all have one of a few cuts, at about 2 kB more for each font.
    """

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.memory = memory

    def __setitem__(self, key: Any, font: Any) -> None:
        font.subset = partial(self._cut, font)
        super().__setitem__(key, font)

    def _cut(self, font: Any, glyphs: dict[int, str], hinting: bool) -> None:
        groups = sorted({glyph // GLYPHS for glyph in glyphs})
        key, cuts = (font.hash, bool(font.missing), hinting, *groups), self.memory.cuts
        if key not in cuts:
            wanted = [glyph for group in groups for glyph in range(group * GLYPHS, (group + 1) * GLYPHS)]
            type(font).subset(font, dict.fromkeys(wanted, ""), hinting)
            _keep(cuts, key, font.file_content, CUTS)
        font.file_content = cuts[key]


class _Styles(StyleFor):
    """The styles of one document. An element under the same parent style and rules as an earlier one shares its style.

    Values are told apart by identity: those of the press's own style sheets stay, those that a paper brings along are
    new each time, and so is what stands below them. Each style holds its parent's and its values, so that no identity
    is used twice while it is kept.
    """

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        """Set the style of this element, or of its pseudo-element or page."""
        styles, kept = self.get_computed_styles(), getattr(self.font_config, "styles", None)
        rules = self.get_cascaded_styles().get((element, pseudo_type), {})
        key = (
            pseudo_type,
            id(styles.get((parent, None))),
            *[
                (name, value if name == "lang" else id(value), *specificity)
                for name, (value, (_origin, _layer, specificity)) in rules.items()
            ],
        )
        if kept is not None and key in kept:
            styles[element, pseudo_type] = kept[key]
            return
        super().set_computed_styles(element, parent, root, pseudo_type, base_url, target_collector)
        if kept is not None:
            _keep(kept, key, styles[element, pseudo_type], STYLES)


def _first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    """What of this text goes on one line, and its measures, as ``split_first_line`` returns them."""
    asked = (text, style, context, max_width, justification_spacing, is_line_start, minimum)
    kept = getattr(style.font_config, "lines", None)
    if kept is None:
        return split_first_line(*asked)
    key = (id(style), text, max_width, justification_spacing, is_line_start, minimum)
    if key not in kept:
        _keep(kept, key, (style, split_first_line(*asked)), LINES)  # with the style, so that its identity stays its own
    layout, *measures = kept[key][1]
    return copy(layout), *measures  # the layout remembers how it was drawn


def _keep(kept: dict[tuple[Any, ...], Any], key: tuple[Any, ...], found: Any, most: int) -> None:
    """Forgets all when it is too much: a run of thousands of papers must not fill the memory."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = found


weasyprint.css.StyleFor = _Styles
inline.split_first_line = preferred.split_first_line = _first_line
