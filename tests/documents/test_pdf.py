"""The press: archivable, tagged, repeatable, and shut to everything but our own files."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread, current_thread, main_thread
from time import sleep
from typing import Any

import pikepdf
import pypdf
import pytest

from documents import pdf
from documents.markdown import to_html
from tests.documents import scans

SHEET = pdf.Sheet("Agreement of Elmwood", date(2018, 5, 1), "P-000123", "Specimen form")
TEXT = """# Agreement

The first paragraph, before every section, with the “quotation”.

## Section 1. Terms

A. The letter says it.

   1. The number says it.

B. The next letter.

| Agency | Officers |
|--------|---------:|
| Elmwood | 12 |
"""
INSTRUMENT: tuple[str, dict[str, Any]] = ("pdf/instrument.html", {"sheet": SHEET, "text": to_html(TEXT)})
EMPTY_PAGE = '<!DOCTYPE html><html lang="en"><title>x</title>{}<body>{}</body></html>'


def words(printed: bytes) -> str:
    """The text read back out of a PDF, on one line."""
    pages = pypdf.PdfReader(BytesIO(printed)).pages
    return " ".join(" ".join(page.extract_text(extraction_mode="layout") for page in pages).split())


def elements(tree: Any) -> Iterator[str]:
    """The kinds of structure elements in a tagged PDF, from the root down."""
    if isinstance(tree, pikepdf.Array):
        for child in tree:
            yield from elements(child)
    elif isinstance(tree, pikepdf.Dictionary):
        if "/S" in tree:
            yield str(tree.S)
        yield from elements(tree.get("/K"))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return pdf.render(*INSTRUMENT)


# --- What comes off the press ---------------------------------------------------------------------------------------


def test_the_text_can_be_read_back_whole_with_its_labels(printed: bytes) -> None:
    read = words(printed)

    for part in (
        "Agreement",
        "“quotation”",
        "Section 1. Terms",
        "A. The letter",
        "1. The number",
        "B. The next",
        "Elmwood 12",
    ):
        assert part in read
    assert read.index("A. The letter") < read.index("1. The number")


def test_every_page_says_its_reference_day_notice_and_number() -> None:
    long = pdf.render("pdf/instrument.html", {"sheet": SHEET, "text": to_html("Word after word. " * 4000)})
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(long)).pages]

    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert "P-000123 · As of 1 May 2018" in page
        assert "Specimen form" in page
        assert f"Page {number} of {len(pages)}" in page
    assert "Agreement of Elmwood" not in pages[0]
    assert all("Agreement of Elmwood" in page for page in pages[1:])


def test_it_says_that_it_is_pdf_a_3u_and_pdf_ua(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as paper:
        with paper.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "U", "1")
            assert said["dc:title"] == SHEET.title
        assert paper.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert paper.docinfo.Title == SHEET.title
        assert str(paper.docinfo.CreationDate) == "D:20180501"
        assert "/Encrypt" not in paper.trailer
        assert "/ID" in paper.trailer


def test_it_is_tagged_for_readers_who_do_not_see_the_page(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as paper:
        assert paper.Root.MarkInfo.Marked
        assert paper.Root.Lang == "en-US"
        assert paper.Root.ViewerPreferences.DisplayDocTitle
        assert all(page.obj.Tabs == "/S" for page in paper.pages)
        kinds = set(elements(paper.Root.StructTreeRoot.K))
    assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD"} <= kinds


def test_every_font_is_ours_embedded_and_readable(printed: bytes) -> None:
    with pikepdf.open(BytesIO(printed)) as paper:
        fonts = [font for page in paper.pages for font in page.Resources.Font.values()]
        assert fonts
        for font in fonts:
            assert str(font.BaseFont).split("+")[1].startswith(("Source-Serif-Pro", "Source-Sans-Pro"))
            assert any(key.startswith("/FontFile") for key in font.DescendantFonts[0].FontDescriptor)
            assert "/ToUnicode" in font


def test_nothing_in_our_templates_and_styles_is_unknown_to_the_press(caplog: pytest.LogCaptureFixture) -> None:
    pdf._press.cache_clear()  # so that the styles are read again

    with caplog.at_level(logging.WARNING, "weasyprint"):
        pdf.render(*INSTRUMENT)
        pdf.render("pdf/letter.html", {"sheet": SHEET, "addressee": ["Chief of Police", "Elmwood"]})

    assert caplog.messages == []


def test_the_same_paper_printed_again_has_the_same_bytes(printed: bytes) -> None:
    other = pdf.render("pdf/letter.html", {"sheet": SHEET, "addressee": ["Chief of Police"]})
    again = pdf.render(*INSTRUMENT)
    pdf._press.cache_clear()

    assert printed == again == pdf.render(*INSTRUMENT)
    assert printed != other


def test_a_letterhead_names_the_body_and_leaves_out_what_is_not_set(settings: Any) -> None:
    settings.NIPAS_BODY_NAME = "Alarm System of Elmwood & Foxfield"
    bare = words(pdf.render("pdf/letterhead.html", {"sheet": SHEET}))
    settings.NIPAS_BODY_ADDRESS = ["1 Main Street", "Elmwood, IL 60000"]
    settings.NIPAS_BODY_PHONE = "847-555-0100"
    whole = words(pdf.render("pdf/letterhead.html", {"sheet": SHEET}))

    assert bare.startswith("Alarm System of Elmwood & Foxfield P-000123")
    assert "1 Main Street · Elmwood, IL 60000 · 847-555-0100" in whole


@pytest.mark.parametrize(
    "name", ["O’Fallon & Sons <b>", "Ñandú – Łódź", "a" * 300, "‮evil‬", "<script>alert(1)</script>"]
)
def test_names_that_are_hard_to_set_are_set_as_text(name: str) -> None:
    sheet = pdf.Sheet(name, SHEET.as_on)

    read = words(pdf.render("pdf/letter.html", {"sheet": sheet, "addressee": [name]}))

    assert name.strip("‮‬").replace(" ", "")[:20] in read.replace(" ", "") or "evil" in read or "live" in read


def test_a_context_without_a_sheet_is_refused() -> None:
    with pytest.raises(pdf.PressError, match="needs a Sheet"):
        pdf.render("pdf/letter.html", {"addressee": []})


def test_missing_system_libraries_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0': no such file\nand much more")
        return genuine(name, *args, **kwargs)

    genuine = __builtins__["__import__"]  # type: ignore[index]
    monkeypatch.setitem(__builtins__, "__import__", fail)  # type: ignore[arg-type]

    with pytest.raises(pdf.PressError, match=r"libpango-1\.0-0.*apt-get install libpango-1\.0-0"):
        pdf._weasyprint()


# --- Many at once ---------------------------------------------------------------------------------------------------


def test_many_papers_come_in_order_and_are_the_same_as_one_by_one() -> None:
    sheets = [pdf.Sheet(f"Paper {number}", date(2018, 5, 1)) for number in range(1, 41)]
    papers = [("pdf/letter.html", {"sheet": sheet, "addressee": []}) for sheet in sheets]
    done: list[int] = []

    together = list(pdf.render_many(papers, processes=2, progress=done.append))

    assert together == [pdf.render(*paper) for paper in papers]
    assert done == list(range(1, 41))


def test_helpers_take_their_share_and_the_papers_still_come_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    by: set[bool] = set()

    def print_html(html: str) -> bytes:
        by.add(current_thread() is main_thread())
        sleep(0.002)
        return html.encode()

    monkeypatch.setattr(pdf, "print_html", print_html)
    monkeypatch.setattr(pdf, "ProcessPoolExecutor", lambda helpers, _context, **_: ThreadPoolExecutor(helpers))
    pages = [str(number) for number in range(300)]

    assert [printed.decode() for printed in pdf.print_each(pages, processes=3)] == pages
    assert by == {True, False}


def test_who_stops_taking_papers_leaves_no_process_behind() -> None:
    from multiprocessing import active_children

    papers = pdf.render_many(iter([("pdf/letter.html", {"sheet": SHEET, "addressee": []})] * 50), processes=2)
    next(papers)
    papers.close()

    assert active_children() == []


HELPED = """
import multiprocessing, os, signal, time
from documents import pdf

def help():
    pdf._press = lambda: None
    pdf._start_helper({})
    time.sleep(60)

multiprocessing.get_context("fork").Process(target=help).start()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_helper_ends_when_the_process_it_helps_is_killed() -> None:
    killed = subprocess.run([sys.executable, "-c", HELPED], stdout=subprocess.PIPE, timeout=30)  # until both have ended

    assert killed.returncode == -signal.SIGKILL


def test_a_template_that_asks_for_what_it_may_not_have_stops_the_run() -> None:
    bad = EMPTY_PAGE.format("", '<img alt="x" src="file:///etc/passwd">')

    with pytest.raises(pdf.PressError, match="refused"):
        list(pdf._print_on(2, iter([bad, bad])))


# --- Bound into one ----------------------------------------------------------------------------------------------------


BINDABLE = [
    pdf.html_of(
        "pdf/instrument.html", {"sheet": pdf.Sheet(title, date(2018, 5, day), f"P-{day}", notice), "text": text}
    )
    for title, day, notice, text in (
        ("Of Elmwood", 1, "First notice", to_html("# Head\n\n" + "Word after word. " * 500)),
        ("Of Foxfield", 2, "Second notice", to_html(TEXT)),
        ("Of Glen", 3, "Third notice", to_html("Word after word. " * 500)),
    )
]


@pytest.fixture(scope="module")
def bound() -> bytes:
    binding = pdf.Binding("All agreements")
    for html in BINDABLE:
        binding.add(html)
    return binding.pdf()


def test_each_bound_paper_reads_page_for_page_as_it_does_alone(bound: bytes) -> None:
    alone = [page for html in BINDABLE for page in pages_of(pdf.print_html(html))]

    assert pages_of(bound) == alone
    assert "Page 2 of 2" in alone[1]
    assert "P-2 · As of 2 May 2018" in alone[2]
    assert "Page 1 of 1" in alone[2]
    assert "Second notice" in alone[2]


def pages_of(printed: bytes) -> list[str]:
    """The text of each page on one line."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(printed)).pages]


def test_what_is_bound_keeps_its_claims_and_its_tags(bound: bytes) -> None:
    with pikepdf.open(BytesIO(bound)) as paper:
        with paper.open_metadata() as said:
            assert (said["pdfaid:part"], said["pdfaid:conformance"], said["pdfuaid:part"]) == ("3", "U", "1")
            assert said["dc:title"] == paper.docinfo.Title == "All agreements"
        assert len(paper.Root.OutputIntents) == 1
        assert paper.Root.MarkInfo.Marked
        assert paper.Root.Lang == "en-US"
        assert [page.obj.StructParents for page in paper.pages] == list(range(len(paper.pages)))
        assert list(elements(paper.Root.StructTreeRoot.K)) == ["/Document", *chain_of_elements_alone()]
        fonts = [str(font.BaseFont) for font in paper.pages[0].Resources.Font.values()]
        assert len(fonts) == len(set(fonts))


def chain_of_elements_alone() -> list[str]:
    """The kinds of structure elements of the bindable papers, printed alone, below their roots."""
    kinds: list[str] = []
    for html in BINDABLE:
        with pikepdf.open(BytesIO(pdf.print_html(html))) as paper:
            kinds += list(elements(paper.Root.StructTreeRoot.K))[1:]
    return kinds


def test_what_is_bound_has_a_bookmark_for_each_paper(bound: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(bound))

    leads_to = [(item.title, reader.get_destination_page_number(item)) for item in reader.outline]  # type: ignore[union-attr,arg-type]
    assert leads_to == [("Of Elmwood", 0), ("Of Foxfield", 2), ("Of Glen", 3)]


def test_a_bound_paper_that_asks_for_what_it_may_not_have_is_refused() -> None:
    with pytest.raises(pdf.PressError, match="refused"):
        pdf.Binding("x").add(EMPTY_PAGE.format("", '<img alt="x" src="file:///etc/passwd">'))


def test_nothing_is_not_bound() -> None:
    with pytest.raises(pdf.PressError, match="no paper to bind"):
        pdf.Binding("x").pdf()


# --- What the press may not fetch -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the addresses it was asked for."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


SECRET = "the secret of the disk"

ATTACKS = {
    "a picture": ("", '<img alt="x" src="{url}">'),
    "a style sheet": ('<link rel="stylesheet" href="{url}">', "x"),
    "an imported style": ("<style>@import url({url});</style>", "x"),
    "an import inside a data style": ('<link rel="stylesheet" href="data:text/css,@import url({url});">', "x"),
    "a font": ('<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}</style>', "<p>x</p>"),
    "a background": ("<style>body {{ background: url({url}) }}</style>", "x"),
    "a list marker": ("<style>li {{ list-style-image: url({url}) }}</style>", "<ul><li>x</li></ul>"),
    "a content image": ("<style>p::before {{ content: url({url}) }}</style>", "<p>x</p>"),
    "a border image": ("<style>p {{ border: 5px solid; border-image: url({url}) 1 }}</style>", "<p>x</p>"),
    "an attachment": ('<link rel="attachment" href="{url}">', "x"),
    "an attachment of a link": ("", '<a rel="attachment" href="{url}">x</a>'),
    "an object": ("", '<object data="{url}"></object>'),
    "an embedded picture": ("", '<embed src="{url}">'),
    "a base address": ('<base href="{url}">', '<img alt="x" src="{url}/x.png">'),
    "a picture inside a drawing": (
        "",
        '<svg width="9" height="9" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<image width="9" height="9" xlink:href="{url}"/></svg>',
    ),
    "a picture inside a drawing inside a picture": (
        "",
        '<img alt="x" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\' width=\'9\' height=\'9\'>'
        "<image width='9' height='9' href='{url}'/></svg>\">",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("head", "body"), ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("scheme", ["file", "http", "FILE", "path in static"])
def test_no_address_outside_our_own_files_is_fetched(
    head: str, body: str, scheme: str, tmp_path: Path, listener: tuple[str, list[str]]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    server, asked = listener
    urls = {
        "file": secret.as_uri(),
        "FILE": f"FILE://{secret}",
        "http": f"{server}/latest/meta-data",
        "path in static": f"static:../../../../../../../../../..{secret}",
    }
    url = urls[scheme]

    with pytest.raises(pdf.PressError, match="only from the register's own files"):
        pdf.print_html(EMPTY_PAGE.format(head.format(url=url), body.format(url=url)))

    assert asked == []


@pytest.mark.parametrize("imported", ["<style>@import url({url});</style>", "<style>@import '{url}';</style>"])
def test_a_style_inside_a_drawing_is_not_fetched_either(
    imported: str, tmp_path: Path, listener: tuple[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text(f"text::after {{ content: '{SECRET}' }}")
    server, asked = listener
    for url in (secret.as_uri(), f"{server}/x.css"):
        drawing = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{imported.format(url=url)}</svg>"
        page = EMPTY_PAGE.format("", f'<img alt="x" src="data:image/svg+xml,{drawing}">'.replace("#", "%23"))

        with caplog.at_level(logging.ERROR, "weasyprint"):
            assert SECRET not in words(pdf.print_html(page))

    assert asked == []
    assert "Failed to load image" in caplog.text


def test_with_the_fetcher_of_the_library_the_secret_would_be_in_the_paper(tmp_path: Path) -> None:
    import weasyprint

    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)

    paper = weasyprint.HTML(
        string=EMPTY_PAGE.format(f'<link rel="attachment" href="{secret.as_uri()}">', "x")
    ).write_pdf()

    attached = pypdf.PdfReader(BytesIO(paper)).attachments
    assert [content for contents in attached.values() for content in contents] == [SECRET.encode()]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "https://127.0.0.1/x",
        "jar:file:///etc/passwd",
        "font:../__init__.py",
        "font:/etc/passwd",
        "static:/etc/passwd",
        "static:documents/pdf/missing.svg",
        "static:documents/pdf",
        "static:",
        "file:///etc/passwd?.css",
        "urllib:x",
    ],
)
def test_every_other_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(pdf.PressError, match="was refused"):
        pdf.print_html(EMPTY_PAGE.format("", f'<img alt="x" src="{url}">'))


def test_a_relative_address_leads_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "weasyprint"):
        pdf.print_html(EMPTY_PAGE.format("", '<img alt="x" src="../../etc/passwd">'))

    assert "without a base URI" in caplog.text


def test_a_picture_in_the_page_itself_is_printed() -> None:
    dot = f"data:image/png;base64,{b64encode(scans.picture('PNG', (9, 9))).decode()}"

    printed = pdf.print_html(EMPTY_PAGE.format("", f'<img alt="A dot" src="{dot}">'))

    with pikepdf.open(BytesIO(printed)) as paper:
        assert len(list(paper.pages[0].get_images())) == 1
