"""A representative sees the own agency and no other, by whatever address is tried; and every link offered opens.

The one who attacks holds every permission there is, so that nothing but scope can be what stops the attack. What may
name another agency is told below, with why.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from board.models import Meeting, Minutes
from documents import letters
from documents.access import papers_visible_to
from documents.models import Paper
from membership.models import Agency
from nipas_admin.accounts import roles
from nipas_admin.accounts.models import User
from nipas_admin.jobs.models import Job
from nipas_admin.shared.admin import Scoped
from operations.models import Aid, Incident
from tests.membership.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
OWN = "Larkfield Police Department"
REFUSED = {302, 403, 404, 405}

# Where another agency may be named: the other side of a request for costs, the agency in need and those that came, a
# card on which the own agency is helped, and the agenda, which goes to all.
MAY_NAME = re.compile(r"/(finance/costrequest/|operations/incident/|operations/alarmassignment/\d+/|board/papers/\d+/)")


@pytest.fixture(autouse=True)
def without_frames(settings: Any, caplog: Any) -> None:
    """A refusal is its words alone, and nothing is written down of it: a thousand are asked for."""
    settings.ROOT_URLCONF = "tests.architecture.bare_urls"
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def own() -> Agency:
    return Agency.objects.get(name=OWN)


@pytest.fixture
def other(own: Agency) -> Agency:
    """An agency that has something of most kinds, and that nothing of the own one concerns."""
    return Agency.objects.get(name="Ashgrove Police Department")


@pytest.fixture
def others(own: Agency) -> Callable[[Any], set[str]]:
    """Finds the names of all other agencies in an answer."""
    names = set(Agency.objects.exclude(pk=own.pk).values_list("name", flat=True))

    def named(answer: Any) -> set[str]:
        text = said(answer)
        return {name for name in names if name in text}

    return named


@pytest.fixture
def attacker(own: Agency) -> User:
    user = person(roles.AGENCY_REPRESENTATIVE, own)
    user.user_permissions.set(Permission.objects.exclude(codename__startswith="delete_"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def client(attacker: User) -> Client:
    return of(attacker)


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer: Any) -> str:
    """The whole of an answer, as one reads it; a file too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(content.decode(errors="replace"))


def screens() -> Iterator[Any]:
    yield from admin.site._registry.values()


def hidden(screen: Any, user: User) -> Model | None:
    """A row that this person may not see; None where there is none."""
    request = RequestFactory().get("/")
    request.user = user
    rows = screen.model._base_manager
    return rows.exclude(pk__in=screen.get_queryset(request).order_by().values("pk")).order_by("-pk").first()


def ways_to(screen: Any, row: Model) -> Iterator[tuple[str, str]]:
    """Every way to look at a row or to do something with it: the method and the address."""
    here = f"/{screen.opts.app_label}/{screen.opts.model_name}/{row.pk}/"
    yield from (("get", f"{here}{way}") for way in ("change/", "history/", "change/?_popup=1&_to_field=id"))
    if hasattr(row, "history"):
        yield "get", f"{here}history/{row.history.values_list('history_id', flat=True).first()}/"
    for pattern in screen.urls:
        way = re.sub("^<[^>]+>/", "", str(pattern.pattern))
        if way != str(pattern.pattern) and "<" not in way and way != "history/":
            yield "post", here + way


def pages() -> Iterator[str]:
    """The routes of all pages that are no record's."""

    def walk(patterns: Any, prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver) and getattr(pattern, "app_name", "") != "admin":
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern)

    yield from walk(get_resolver("nipas_admin.urls").url_patterns, "/")


# Every link


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        href = dict(attributes).get("href") if tag == "a" else None
        if href and not href.startswith(("mailto:", "tel:", "#")):
            self.found.append(href)


def shape(url: str) -> tuple[str, tuple[str, ...]]:
    """What addresses of one kind of page have in common."""
    parts = urlsplit(url)
    return re.sub(r"\d+", "N", parts.path), tuple(sorted(parse_qs(parts.query, keep_blank_values=True)))


SKIPPED = {"_facets", "o", "all", "_changelist_filters", "e", "_print"}


def test_every_link_that_a_representative_meets_opens_and_names_no_other(own, others, monkeypatch):
    monkeypatch.setattr(letters.press, "render", lambda _template, _values: b"%PDF-")
    client = of(person(roles.AGENCY_REPRESENTATIVE, own))
    waiting, seen, refused, named = ["/"], {shape("/")}, {}, {}
    while waiting:
        url = waiting.pop(0)
        answer = client.get(url, follow=True)
        if answer.status_code != 200 or (url != "/" and answer.request["PATH_INFO"] == "/"):
            refused[url] = answer.status_code
        if found := others(answer):
            named[url] = found
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for href in Links(said(answer)).found:
            link = urljoin(answer.request["PATH_INFO"], href)
            kind = shape(link)
            elsewhere = urlsplit(link).netloc or link == "/logout/"
            if elsewhere or kind in seen or len(kind[1]) > 1 or SKIPPED & set(kind[1]):
                continue
            seen.add(kind)
            waiting.append(link)

    assert refused == {}
    assert {url for url in named if not MAY_NAME.match(url)} == set(), named
    for path in (
        "/operations/confirm/N/",
        "/board/papers/N/minutes/",
        "/finance/invoice/N/change/",
        "/membership/agency/N/change/",
    ):
        assert any(kind[0] == path for kind in seen), path
    assert len(seen) > 50


# What is another's


def test_without_scope_the_attack_finds_all(client, others, monkeypatch):
    """The control: that the searches below would find something."""
    assert not others(client.get("/membership/agency/"))
    monkeypatch.setattr(Scoped, "limit", lambda _screen, rows, _request: rows)
    assert len(others(client.get("/membership/agency/"))) > 90


def test_no_way_to_a_record_of_another_shows_or_changes_anything(client, attacker, others):
    tried: Counter[str] = Counter()
    for screen in screens():
        row = hidden(screen, attacker)
        if row is None:
            continue
        before = list(type(row)._base_manager.filter(pk=row.pk).values())
        for method, url in ways_to(screen, row):
            answer = getattr(client, method)(url, {"post": "yes"} if method == "post" else None)
            assert answer.status_code in REFUSED, url
            assert not others(answer), url
            tried[screen.opts.label] += 1
        assert list(type(row)._base_manager.filter(pk=row.pk).values()) == before, screen

    assert len(tried) > 50
    assert tried["operations.Incident"] > 4
    assert not {"membership.Agency", "finance.Invoice", "operations.AlarmAssignment", "board.Vote"} - set(tried)


def test_no_list_file_or_form_names_another_however_it_is_asked_for(client, other, others):
    """Whatever is filtered by, sorted by, searched for, counted or given out as a file."""
    asked = [
        {"_facets": "True", "q": "Police"}, {"agency__id__exact": other.pk},
        {"agency": other.pk, "o": "1", "_popup": "1", "_to_field": "id"},
    ]  # fmt: skip
    named = set()
    for screen in screens():
        here = f"/{screen.opts.app_label}/{screen.opts.model_name}/"
        rows_of_agencies = isinstance(screen, Scoped) and (screen.agency_path or "limit" in vars(type(screen)))
        urls = [f"{here}?{urlencode(query)}" for query in (asked if rows_of_agencies else [{}])]
        urls += [f"{here}add/", *([f"{here}export/?format=csv"] if getattr(screen, "resource_classes", ()) else ())]
        for url in urls:
            answer = client.get(url)
            assert answer.status_code in {200, 400, *REFUSED}, url
            named |= {(here, name) for name in others(answer)}

    # The other side of its own request for costs, and the agencies in need where it was asked.
    assert {here for here, _name in named} <= {"/finance/costrequest/", "/operations/incident/"}, named


def test_no_search_of_a_choice_offers_another(client, others):
    searched = 0
    for screen in screens():
        for field in screen.get_autocomplete_fields(None):
            query = {"app_label": screen.opts.app_label, "model_name": screen.opts.model_name, "field_name": field}
            answer = client.get(reverse("admin:autocomplete"), query | {"term": "a"})
            assert answer.status_code in {200, 403}, query
            assert not others(answer), query
            searched += 1
    assert searched > 20


def test_no_page_beside_the_records_names_another(client, other, others):
    """The pages of the rooms: the desk, the live meeting, reports, who owes, adoption, and whatever is added to them."""
    tried = 0
    for route in pages():
        for key in (str(other.pk), "1") if "<" in route else ("",):
            url = re.sub("<[^>]+>", key, route)
            if "(" in url or MAY_NAME.match(url):
                continue
            answer = client.get(url)
            assert answer.status_code in {200, *REFUSED, 410}, url
            assert not others(answer), url
            tried += 1
    assert tried > 50


def test_no_letter_of_another_is_printed(client, attacker):
    for kind in letters._kinds.values():
        if kind.record is None:
            if not kind.shared_with_agencies:
                assert client.get(kind.address()).status_code == 403, kind.name
            continue
        hidden_rows = kind.record._default_manager.exclude(pk__in=kind.records_for(attacker).values("pk"))
        row = hidden_rows.order_by("pk").first()
        if row is not None:
            assert client.get(kind.address(row)).status_code == 404, kind.name
            assert client.post(kind.address(row)).status_code == 404, kind.name


def test_no_paper_draft_of_minutes_or_work_of_another_is_given_out(own, client, attacker):
    papers = Paper.objects.exclude(pk__in=[row.pk for row in papers_visible_to(attacker)])
    for pk in papers.values_list("pk", flat=True)[:5]:
        assert client.get(reverse("admin:documents_paper_file", args=[pk])).status_code == 404
    for draft in Minutes.objects.filter(approved__isnull=True):
        assert client.get(reverse("board:approved_minutes", args=[draft.meeting_id])).status_code == 404
    job = Job.objects.create(title="Another's", kind="nothing", requested_by=person(roles.SECRETARY))
    for way in ("result", "cancel", "continue"):
        assert client.post(reverse(f"admin:jobs_job_{way}", args=[job.pk])).status_code in {404, 405}


# What concerns the own agency, as the role allows


def test_an_incident_shows_those_who_came_to_the_agency_in_need_only(own):
    representative = of(person(roles.AGENCY_REPRESENTATIVE, own))
    helped = Incident.objects.filter(stricken=own).first()
    gave = Aid.objects.filter(agency=own).exclude(line__incident__stricken=own).first()
    assert helped is not None or gave is not None
    for incident, whole in ((helped, True), (gave and gave.line.incident, False)):
        if incident is None:
            continue
        page = said(representative.get(reverse("admin:operations_incident_change", args=[incident.pk])))
        asked = set(
            Agency.objects.filter(aid_given__line__incident=incident).exclude(pk__in=(own.pk, incident.stricken_id))
        )
        assert {row for row in asked if row.name in page} == (asked if whole else set())


# How much it asks

LISTS = [
    "membership/agency", "membership/official", "membership/insurancecertificate", "membership/teamparticipation",
    "finance/invoice", "finance/costrequest", "operations/resource", "operations/incident", "operations/alarmassignment",
    "operations/readinessinquiry", "documents/paper",
]  # fmt: skip


def test_no_page_of_a_representative_asks_more_than_fifteen_times(own, django_assert_max_num_queries):
    """But the page of the own agency, which shows one of everything."""
    client = of(person(roles.AGENCY_REPRESENTATIVE, own))
    invoice, incident = own.invoices.order_by("pk").last(), own.incidents.first()
    ahead = Meeting.objects.filter(kind="annual", called_to_order_at=None).first()
    pages = [
        "/", *(f"/{name}/" for name in LISTS), reverse("operations:confirm", args=[own.pk]), reverse("board:papers"),
        reverse("board:paper", args=[ahead.pk]), reverse("admin:finance_invoice_change", args=[invoice.pk]),
        reverse("admin:operations_incident_change", args=[incident.pk]),
    ]  # fmt: skip
    for url in pages:
        client.get(url)
        with django_assert_max_num_queries(15, info=url):
            assert client.get(url).status_code == 200
    with django_assert_max_num_queries(48):
        client.get(reverse("admin:membership_agency_change", args=[own.pk]))
