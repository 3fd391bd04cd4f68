"""Browser journeys: Debian's Chromium, driven by Playwright, against a server that shares the test's transaction.

Chromium runs no ``page.wait_for_function`` under our content policy; wait for a selector or a locator instead.
Every page that a test opens is watched: a script error, anything the content policy refused, a console error or a
failed request fails the test. Tests use the ordinary ``db`` fixture and are rolled back, on SQLite and PostgreSQL.

The journeys share a browser, an address and what the browser keeps of style sheets and scripts, as on anyone's desk;
what a test signs in to or lets the browser remember is forgotten after it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from nipas_admin.accounts.models import User

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # One process for all pages, which are all ours: nothing is read and compiled anew for each.
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
]
PATIENCE = 20_000  # milliseconds, for a machine that has much else to do
WCAG_2_1_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLORS = ["color-contrast", "link-in-text-block"]
WIDTHS = (1280, 320)
# Of a long table the first twenty rows are looked at; the others are drawn by the same lines.
LOOKED_AT = {"include": [["html"]], "exclude": [["tbody tr:nth-child(n+21)"]]}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys; without it they are skipped, and say so."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so no browser test runs: apt-get install chromium.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()
        connections.close_all()  # beside a running loop Django keeps connections of its own


class OneAtATime(WSGIHandler):
    """The application, answering one request after another: all of them share the test's one connection."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = threading.Lock()

    def __call__(self, environ, start_response):
        with self.turn:
            return super().__call__(environ, start_response)


class StaticFiles(StaticFilesHandler):
    """Our style sheets and scripts, which a browser may keep, as it may where the register is really served."""

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        """The file, fresh for an hour."""
        response = super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


class Server(ThreadedWSGIServer):
    """Serves the test's own connection, and so leaves it open."""

    def _close_connections(self) -> None:
        pass


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    """The register's server, which stands as long as the browser; a test lends it a connection through ``address``."""
    connection = connections["default"]
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)  # the test still needs it
    with Server(
        ("localhost", 0),
        QuietWSGIRequestHandler,
        allow_reuse_address=False,
        connections_override={connection.alias: connection},
    ) as server:
        server.set_app(StaticFiles(OneAtATime()))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.fixture
def address(db: None, server: Server) -> Iterator[str]:
    """Where the register is served for this test, for example ``http://localhost:41234``."""
    connection = server.connections_override["default"]
    connection.ensure_connection()
    connection.inc_thread_sharing()
    yield f"http://localhost:{server.server_port}"
    with server.get_app().application.turn:  # what was asked for last is answered first
        connection.dec_thread_sharing()


@dataclass
class Watch:
    """What went wrong in a page, and what was expected to."""

    problems: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def on_console(self, message: ConsoleMessage) -> None:
        """Errors and warnings count, except the browser's own line about a status that was expected."""
        expected = any(f"status of {status}" in message.text for status in self.expected)
        if message.type in {"error", "warning"} and not expected:
            self.problems.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def on_response(self, response: Response) -> None:
        """Answers of 400 and above count, except those expected."""
        if response.status >= 400 and response.status not in self.expected:
            self.problems.append(f"{response.status} for {response.url}")

    def on_failed_request(self, request: Request) -> None:
        """Requests that failed count, except those the browser gave up itself because the page was left."""
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")


OpenPage = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The list of what went wrong in this test's pages; it must be empty at the end. Add to ``expected`` a status."""
    found = Watch()
    yield found
    assert not found.problems, "\n".join(found.problems)


@pytest.fixture(scope="package")
def desks(browser: Browser, server: Server) -> Callable[[bool], Iterator[BrowserContext]]:
    """The desks at which people sit, first to last, with scripts or without; each knows its own person only."""
    known: dict[bool, list[BrowserContext]] = {True: [], False: []}

    def desks(javascript: bool) -> Iterator[BrowserContext]:
        yield from known[javascript]
        while True:
            desk = browser.new_context(
                base_url=f"http://localhost:{server.server_port}",
                locale="en-US",
                timezone_id="America/Chicago",
                java_script_enabled=javascript,
            )
            desk.new_page()  # stays open and empty, so that the process stays that draws the others
            known[javascript].append(desk)
            yield desk

    return desks


@pytest.fixture
def open_page(desks: Callable[[bool], Iterator[BrowserContext]], address: str, watch: Watch) -> Iterator[OpenPage]:
    """Opens a watched page at a desk of its own: ``open_page(user=None, theme="light", width=1280, javascript=True)``."""
    free = {javascript: desks(javascript) for javascript in (True, False)}
    taken: list[BrowserContext] = []

    def open_page(user: User | None = None, theme: str = "light", width: int = 1280, javascript: bool = True) -> Page:
        desk = next(free[javascript])
        taken.append(desk)
        if user is not None:
            client = Client()
            client.force_login(user)
            desk.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
        page = desk.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        page.set_default_timeout(PATIENCE)
        page.on("console", watch.on_console)
        page.on("response", watch.on_response)
        page.on("pageerror", lambda error: watch.problems.append(f"script error: {error}"))
        page.on("requestfailed", watch.on_failed_request)
        return page

    yield open_page
    for desk in taken:
        forget(desk, address)


def forget(desk: BrowserContext, address: str) -> None:
    """Close every page at this desk but its empty one, and with them who signed in and what was to be remembered."""
    empty, *pages = desk.pages
    for page in pages:
        page.close()
    desk.clear_cookies()
    kept = {"origin": address, "storageTypes": "local_storage"}
    desk.new_cdp_session(empty).send("Storage.clearDataForOrigin", kept)


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """A person who signs in with a role, by the role's name; ``superuser`` is one too."""

    def person(role: str) -> User:
        name = role.lower().replace(" ", ".")
        if role == "superuser":
            return User.objects.create_superuser(username=name, password="a long enough password")
        user = User.objects.create_user(username=name, password="a long enough password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return user

    return person


@pytest.fixture
def signed_in_page(open_page: OpenPage, person: Callable[[str], User]) -> OpenPage:
    """Opens a watched page for someone with a role: ``signed_in_page("Secretary", width=320)``."""

    def signed_in_page(role: str = "superuser", **how: object) -> Page:
        return open_page(person(role), **how)

    return signed_in_page


def faults_by_axe(page: Page, colors_only: bool = False) -> list[str]:
    """What axe-core finds against WCAG 2.1 AA in the page as it now stands, one line per element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {"type": "rule", "values": COLORS} if colors_only else {"type": "tag", "values": WCAG_2_1_AA}
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("([where, options]) => axe.run(where, options)", [LOOKED_AT, options])
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]} ({node.get('failureSummary', '')})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def axe(watch: Watch) -> Callable[..., None]:
    """Asserts that axe-core finds no fault against WCAG 2.1 AA in a page; ``colors_only`` when the rest is known."""

    def axe(page: Page, colors_only: bool = False) -> None:
        before = len(watch.problems)
        faults = faults_by_axe(page, colors_only)
        del watch.problems[before:]  # what axe itself causes while it looks
        assert not faults, f"{page.url}\n" + "\n".join(faults)

    return axe


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """Asserts that a page does not scroll sideways."""

    def fits(page: Page) -> None:
        too_wide = page.evaluate(SIDEWAYS)
        assert too_wide <= 0, f"{page.url} is {too_wide} px wider than a screen of {page.viewport_size['width']} px"

    return fits


@pytest.fixture
def in_every_look(axe: Callable[..., None], fits: Callable[[Page], None]) -> Callable[..., None]:
    """Opens an address in a page, light and dark, wide and on a narrow phone, does ``then`` there, and checks."""

    def in_every_look(page: Page, address: str, then: Callable[[Page], None] = lambda page: None) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            then(page)
            fits(page)
            axe(page)
            page.emulate_media(color_scheme="dark")
            axe(page, colors_only=True)
            page.emulate_media(color_scheme="light")

    return in_every_look
