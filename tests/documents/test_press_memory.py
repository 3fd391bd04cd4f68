"""What the press remembers from paper to paper changes no paper, and is still where WeasyPrint looks for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration

from documents import pdf, press_memory
from documents.markdown import to_html

DAY = date(2018, 5, 1)
WORDS = "Word after word, ‘quoted’ and 1,234.50. " * 60
OWN = '<!DOCTYPE html><html lang="{}"><title>x</title><style>{}</style><body>{}</body></html>'


def letter(name: str, text: str = "") -> str:
    return pdf.html_of("pdf/letter.html", {"sheet": pdf.Sheet(name, DAY, "P-1", "Notice"), "addressee": [name, text]})


def instrument(name: str) -> str:
    text = f"# {name}\n\n{WORDS}\n\n- one\n- two\n\n| Agency | Officers |\n|---|---:|\n| {name} | 12 |"
    return pdf.html_of("pdf/instrument.html", {"sheet": pdf.Sheet(name, DAY), "text": to_html(text)})


# Each is printed after all others; the later ones bring along what might stay behind in a style that is kept.
PAPERS = {
    "a letter": letter("Elmwood"),
    "a letter of the same kind": letter("Foxfield"),
    "letters no other has": letter("Łódź – Ñandú №7"),
    "an instrument": instrument("Of Glen"),
    "an instrument of the same kind": instrument("Of Elmwood"),
    "another language": OWN.format("de", "p { hyphens: auto; width: 1in }", "<p>Zusammenarbeitsvereinbarungen</p>"),
    "the same words in English": OWN.format("en", "p { hyphens: auto; width: 1in }", "<p>Zusammenarbeit</p>"),
    "a page that hides what is too much": OWN.format("en", "html { overflow: hidden }", "<p>x</p>"),
    "a page that does not": OWN.format("en", "", "<p>x</p>"),
    "half of a wide page": OWN.format("en", "@page { size: 10in 5in } p { width: 50vw }", f"<p>{WORDS}</p>"),
    "half of a narrow page": OWN.format("en", "@page { size: 5in 10in } p { width: 50vw }", f"<p>{WORDS}</p>"),
    "a style of one element": OWN.format("en", "", '<p id="a" style="font-weight: 600">x</p><p id="b">x</p>'),
    "another style of one element": OWN.format("en", "", '<p id="a" style="color: red">x</p><p id="c">x</p>'),
}


@pytest.fixture(autouse=True, scope="module")
def fresh_press() -> Iterator[None]:
    pdf._press.cache_clear()
    yield
    pdf._press.cache_clear()


@pytest.fixture(scope="module")
def forgetful() -> dict[str, bytes]:
    """Each paper, printed by a press that has printed nothing before."""
    printed = {}
    for name, html in PAPERS.items():
        pdf._press.cache_clear()
        printed[name] = pdf.print_html(html)
    pdf._press.cache_clear()
    return printed


@pytest.fixture(scope="module")
def remembering(forgetful: dict[str, bytes]) -> dict[str, bytes]:
    """Each paper, printed by a press that has printed all of them."""
    for html in PAPERS.values():
        pdf.print_html(html)
    return {name: pdf.print_html(html) for name, html in PAPERS.items()}


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_the_same_whatever_was_printed_before_it(
    name: str, forgetful: dict[str, bytes], remembering: dict[str, bytes]
) -> None:
    assert remembering[name] == forgetful[name]


@pytest.mark.parametrize("name", ["letters no other has", "an instrument", "another language", "half of a narrow page"])
def test_every_page_is_drawn_as_the_library_alone_draws_it(name: str, remembering: dict[str, bytes]) -> None:
    fonts, press = FontConfiguration(), pdf._press()
    kept: dict[str, Any] = {"font_config": fonts, "counter_style": CounterStyle()}
    sheets = [weasyprint.CSS(url=f"static:{sheet}", url_fetcher=press.fetcher, **kept) for sheet in pdf.STYLESHEETS]
    alone = weasyprint.HTML(string=PAPERS[name], url_fetcher=press.fetcher).write_pdf(
        stylesheets=sheets, presentational_hints=True, **kept, **pdf.ARCHIVABLE
    )

    assert drawn(remembering[name]) == drawn(alone)


def drawn(printed: bytes) -> list[bytes]:
    """What is drawn on each page."""
    with pikepdf.open(BytesIO(printed)) as paper:
        return [page.Contents.read_bytes() for page in paper.pages]


def test_a_second_paper_of_a_kind_finds_its_styles_its_words_and_its_fonts() -> None:
    pdf._press.cache_clear()
    memory = pdf._press().memory
    pdf.print_html(instrument("Of Elmwood"))
    styles, lines, cuts = len(memory.styles), len(memory.lines), len(memory.cuts)
    pdf.print_html(instrument("Of Foxfield"))

    assert styles > 100
    assert len(memory.styles) == styles
    assert lines < len(memory.lines) < 1.2 * lines
    assert cuts == len(memory.cuts) > 0


def test_the_memory_forgets_before_it_is_too_much(
    monkeypatch: pytest.MonkeyPatch, remembering: dict[str, bytes]
) -> None:
    monkeypatch.setattr(press_memory, "STYLES", 50)
    monkeypatch.setattr(press_memory, "LINES", 30)
    monkeypatch.setattr(press_memory, "CUTS", 2)
    pdf._press.cache_clear()
    memory = pdf._press().memory

    assert {name: pdf.print_html(html) for name, html in PAPERS.items()} == remembering
    assert (len(memory.styles), len(memory.lines), len(memory.cuts)) <= (50, 30, 2)


def test_our_style_sheets_say_nothing_that_a_kept_style_could_not_hold() -> None:
    """WeasyPrint changes the overflow of the root and its body, and reads a viewport's size from its document."""
    sheets = "".join((Path("documents/static") / name).read_text() for name in pdf.STYLESHEETS)

    assert not any(word in sheets for word in ("overflow", "footnote", "vw", "vh", "vmin", "vmax"))


def test_a_font_holds_every_glyph_that_is_used_as_it_was_drawn(remembering: dict[str, bytes]) -> None:
    ours = {TTFont(path)["name"].getDebugName(4): TTFont(path) for path in font_files()}
    checked = 0
    with pikepdf.open(BytesIO(remembering["letters no other has"])) as paper:
        for font in paper.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/CIDSet" not in descriptor  # which would have to list every glyph of the cut
            cut = TTFont(BytesIO(descriptor.FontFile3.read_bytes()))
            whole = ours.get(cut["name"].getDebugName(4))
            for line in font.ToUnicode.read_bytes().decode().splitlines() if whole else ():
                if line.count("<") == 2 and " <" in line and not line.startswith("<<") and "> <ffff>" not in line:
                    glyph = int(line[1:5], 16)
                    assert outline(cut, glyph) == outline(whole, glyph)
                    checked += 1
    assert checked > 40


def font_files() -> list[Path]:
    names = [word.removeprefix("url(font:").split(")")[0] for word in fonts_css().split() if "url(font:" in word]
    return [path for name in names if (path := pdf._font(name))]


def fonts_css() -> str:
    return Path("documents/static/documents/pdf/fonts.css").read_text()


def outline(font: Any, glyph: int) -> Any:
    """How the glyph of that number is drawn."""
    pen = RecordingPen()
    font.getGlyphSet()[font.getGlyphOrder()[glyph]].draw(pen)
    return pen.value


def test_the_copies_of_the_fonts_are_deleted_with_the_memory() -> None:
    memory = press_memory.Memory()
    folder = memory._folder
    assert folder.is_dir()
    memory.styles[("itself",)] = memory
    del memory
    gc.collect()

    assert not folder.exists()
