"""The press: HTML templates to tagged, archivable PDF. The only module that imports WeasyPrint.

Printing is pure: the same template and context give the same bytes on the same machine. Nothing is fetched but
``data:`` URIs, our own static files (``static:documents/pdf/seal.svg``) and the fonts of the two font packages
(``font:SourceSerifPro-Regular.otf``); any other address stops the printing.
"""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string

from documents.body import body

FONT_PACKAGES = ("font_source_serif_pro", "font_source_sans_pro")
STYLESHEETS = ("documents/labels.css", "documents/pdf/fonts.css", "documents/pdf/paper.css")
APT_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
ARCHIVABLE = {"pdf_variant": "pdf/a-3u", "pdf_tags": True, "output_intent": "paper"}
WAITING_PER_PROCESS = 3
FEW = 16  # papers that are printed before a second process would have started

# WeasyPrint keeps fonts and styles in C libraries that several threads must not share at once.
_ONE_AT_A_TIME = threading.Lock()

Progress = Callable[[int], None]


class PressError(Exception):
    """The paper could not be printed; the message says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """What every printed paper says of itself. ``notice`` is repeated at the foot of every page."""

    title: str
    as_on: date
    reference: str = ""
    notice: str = ""
    language: str = "en-US"


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """The template printed as PDF/A-3u with tags (PDF/UA-1); ``context["sheet"]`` is the paper's ``Sheet``.

    Raises PressError when the press cannot run here or the template asks for what it may not fetch.
    """
    return print_html(html_of(template, context))


def html_of(template: str, context: Mapping[str, Any]) -> str:
    """The HTML that the press would print. Raises PressError when the context has no ``Sheet``."""
    if not isinstance(context.get("sheet"), Sheet):
        raise PressError(
            f"{template} needs a Sheet named 'sheet' in its context: title, day and reference of the paper."
        )
    return render_to_string(template, {"body": body(), **context})


def render_many(
    papers: Iterable[tuple[str, Mapping[str, Any]]], *, processes: int | None = None, progress: Progress | None = None
) -> Generator[bytes]:
    """Each template and context printed, in order, on several processors; as ``print_each`` otherwise.

    Templates are filled in here; the helpers turn HTML into bytes and never touch the database.
    """
    pages = (html_of(template, context) for template, context in papers)
    yield from print_each(pages, processes=processes, progress=progress)


def print_each(
    pages: Iterable[str], *, processes: int | None = None, progress: Progress | None = None
) -> Generator[bytes]:
    """Each HTML document as PDF bytes, in order. Raises PressError as ``render`` does.

    ``processes`` defaults to the processors of this machine; this process is one of them, the others are started for
    the run when it is long enough and end with it. ``progress`` is told how many are done.
    """
    pages = iter(pages)
    workers = processes or os.cpu_count() or 1
    first = list(islice(pages, FEW))
    alone = workers == 1 or len(first) < FEW
    printed = map(print_html, chain(first, pages)) if alone else _print_on(workers, chain(first, pages))
    for done, pdf in enumerate(printed, start=1):
        if progress:
            progress(done)
        yield pdf


def print_html(html: str) -> bytes:
    """One HTML document as PDF bytes. Raises PressError as ``render`` does."""
    with _at_work():
        return _press().print(html)


class Binding:
    """Many papers as one PDF, with all its claims: each paper keeps its own pages, numbers, head and foot.

    The whole says of itself what the first paper says, under a title of its own, and has a bookmark for each paper.
    All pages are kept in memory until it is written.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._papers: list[Any] = []

    def add(self, html: str, *, bookmark: str = "", first: bool = False) -> int:
        """Lay out one more paper, or one to stand before all others. Returns how many pages it has.

        Its bookmark is its title unless told. Raises PressError as ``render`` does.
        """
        with _at_work():
            paper = _press().lay_out(html)
        for page in paper.pages:
            page.bookmarks = []
        paper.pages[0].bookmarks = [(1, bookmark or paper.metadata.title, (0, 0), "open")]
        self._papers.insert(0 if first else len(self._papers), paper)
        return len(paper.pages)

    def pdf(self) -> bytes:
        """The bytes of the whole. Raises PressError when no paper was added."""
        if not self._papers:
            raise PressError("There is no paper to bind.")
        whole = self._papers[0].copy(page for paper in self._papers for page in paper.pages)
        with _at_work():
            return _press().write(whole, self.title)


@contextmanager
def _at_work() -> Iterator[None]:
    """Alone at the press. A paper is many small objects that all live to its end: looking for garbage is in vain."""
    with _ONE_AT_A_TIME:
        looks_for_garbage = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if looks_for_garbage:
                gc.enable()


def _print_on(workers: int, pages: Iterator[str]) -> Generator[bytes]:
    """Helpers are not forks of this process, which would share its database connection, but of one that only imported.

    That one stays at rest for the next run and ends with this process. While the helpers start this process prints;
    afterwards it takes back what none of them has begun.
    """
    yield from map(print_html, islice(pages, 1))  # finds what the helpers need
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["documents.pdf", "documents.press_memory"])
    executor = ProcessPoolExecutor(workers - 1, context, initializer=_start_helper, initargs=(_found,))
    waiting: deque[tuple[str, Future[bytes]]] = deque()
    try:
        started = executor.submit(os.getpid)
        while not started.done() and (html := next(pages, None)) is not None:
            yield print_html(html)
        started.result() if started.done() else started.cancel()
        while True:
            for html in islice(pages, workers * WAITING_PER_PROCESS - len(waiting)):
                waiting.append((html, executor.submit(print_html, html)))
            if not waiting:
                return
            idle = None if waiting[0][1].done() else next((i for i, w in enumerate(waiting) if w[1].cancel()), None)
            if idle is None:
                yield waiting.popleft()[1].result()
            else:
                waiting[idle] = waiting[idle][0], _done(print_html(waiting[idle][0]))
    except BrokenProcessPool:
        raise PressError(
            "A printing process was ended from outside, probably for lack of memory. Run it again."
        ) from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _done(pdf: bytes) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_result(pdf)
    return future


def _start_helper(found: Mapping[str, Path]) -> None:
    """Make the press ready. With what this kind of paper needs already found, starting Django is left out."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _found.update(found)
    _press()


def _end_with_parent() -> None:
    """A helper would wait for papers for ever, were the process that sends them killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


@cache
def _press() -> _Press:
    return _Press()


class _Press:
    """WeasyPrint with our fonts, stylesheets and the color profile that PDF/A asks for read once and kept.

    What it finds out for one paper and can use for the next is in its ``memory``.
    """

    def __init__(self) -> None:
        self.weasyprint = _weasyprint()
        from weasyprint.css.counters import CounterStyle

        from documents.press_memory import Memory

        self.fetcher = _fetcher()
        self.memory = Memory()
        self.kept = {"font_config": self.memory, "counter_style": CounterStyle()}
        self.stylesheets = [
            self.weasyprint.CSS(url=f"static:{name}", url_fetcher=self.fetcher, **self.kept) for name in STYLESHEETS
        ]
        self.color_profile = files("weasyprint").joinpath("pdf", "sRGB2014.icc").read_bytes()

    def print(self, html: str) -> bytes:
        return self.write(self.lay_out(html))

    def lay_out(self, html: str) -> Any:
        """The paper's pages, WeasyPrint's ``Document``."""
        from weasyprint.css import ColorProfile

        # Made anew each time: its bytes change once they were asked for.
        srgb = ColorProfile(io.BytesIO(self.color_profile), "sRGB2014", "relative-colorimetric", (["r"], ["g"], ["b"]))
        with self._own_files_only():
            return self.weasyprint.HTML(string=html, url_fetcher=self.fetcher).render(
                **self.kept,
                stylesheets=self.stylesheets,
                color_profiles={"paper": srgb},
                presentational_hints=True,  # the numbers of list items
                **ARCHIVABLE,
            )

    def write(self, document: Any, title: str = "") -> bytes:
        """The pages as PDF bytes, under this title if they are not to keep the paper's own."""
        document.metadata.title = title or document.metadata.title
        document.fonts = self.memory.fonts_of_a_paper()
        with self._own_files_only():
            return document.write_pdf(finisher=_finish, **ARCHIVABLE)  # type: ignore[no-any-return]

    @contextmanager
    def _own_files_only(self) -> Iterator[None]:
        """Raises PressError afterwards when an address was refused."""
        from weasyprint.urls import FatalURLFetchingError

        self.fetcher.refused.clear()
        try:
            yield
        except FatalURLFetchingError as failure:
            raise PressError(self.refusal or f"The press could not print this paper: {failure}.") from None
        if self.refusal:
            raise PressError(self.refusal)

    @property
    def refusal(self) -> str:
        """What to say of the first address that was refused; empty when none was."""
        refused = self.fetcher.refused[:1]
        return f"The press prints only from the register's own files; {refused[0]!r} was refused." if refused else ""


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as missing:
        raise PressError(
            f"The press needs system libraries that are not installed ({missing.args[0].splitlines()[0]}). "
            f"On Debian or Ubuntu install them with: apt-get install {APT_PACKAGES}"
        ) from missing
    return weasyprint


def _fetcher() -> Any:
    """WeasyPrint's way to the outside, closed but for our own files; a refused address stops the printing."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
            self.refused: list[str] = []  # drawings swallow every error, so what was refused is also noted

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme == "data":
                return super().fetch(url, headers)
            finder = OWN.get(scheme)
            path = finder(name) if finder else None
            if path is None:
                self.refused.append(url)
                raise ValueError(url)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES.get(path.suffix, "")})

    return OwnFilesOnly()


@cache
def _font(name: str) -> Path | None:
    """The file of that name in one of the font packages, or None."""
    fonts = (path for package in FONT_PACKAGES for path in Path(str(files(package) / "files")).glob("*.[ot]tf"))
    return next((path for path in fonts if path.name == name), None)


_found: dict[str, Path] = {}  # static files that were found, by name


def _static_file(name: str) -> Path | None:
    """The static file of that name, or None when there is none or the name leads out of the static folders."""
    if name in _found and _found[name].is_file():
        return _found[name]
    if not apps.ready:
        django.setup()
    try:
        path = finders.find(name)
    except SuspiciousFileOperation:
        return None
    if not path or not Path(path).is_file():
        return None
    _found[name] = Path(path)
    return _found[name]


OWN: dict[str, Callable[[str], Path | None]] = {"font": _font, "static": _static_file}


def _finish(_document: Any, pdf: Any) -> None:
    """Make the PDF say what it is, and write each of its objects once."""
    _claim_pdf_ua(pdf)
    pdf.objects = [_WrittenOnce(item) for item in pdf.objects]


class _WrittenOnce:
    """An object of a PDF. The library asks for its bytes twice, and would compress them each time."""

    def __init__(self, item: Any) -> None:
        self.item = item

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)

    @cached_property
    def data(self) -> bytes:
        is_font = getattr(self.item, "extra", {}).get("Subtype") == "/OpenType"
        return _font_stream(self.item.__class__, *self.item.stream) if is_font else self.item.data

    @property
    def indirect(self) -> bytes:
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)


@lru_cache(maxsize=32)
def _font_stream(stream: type[Any], font: bytes) -> bytes:
    """The font as an object of a PDF; it goes into many papers and is compressed once."""
    return stream([font], {"Subtype": "/OpenType"}, compress=True).data  # type: ignore[no-any-return]


def _claim_pdf_ua(pdf: Any) -> None:
    """Say in the metadata that the tagged paper also follows PDF/UA-1, in the form PDF/A asks for."""
    metadata = next(item for item in pdf.objects if getattr(item, "extra", {}).get("Type") == "/Metadata")
    claim = files("documents").joinpath("pdf_ua.xml").read_bytes()
    metadata.stream = [part.replace(b"</rdf:RDF>", claim + b"</rdf:RDF>") for part in metadata.stream]
