"""Badges, pictures, findings and timelines: the furniture of record pages."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from enum import Enum

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString

from nipas_admin.shared.badges import STATUSES, badge
from nipas_admin.shared.citations import AGREEMENT, READING
from nipas_admin.shared.day import Day
from nipas_admin.shared.findings import Evidence, Fact, Finding, not_determined
from nipas_admin.shared.furniture import Column, Moment, Related, Row, in_order
from nipas_admin.shared.svg import Series, Threshold, first_of_months, step_chart, year_strip
from nipas_admin.templatetags.register import words

TODAY = date(2026, 5, 1)
NASTY = "<script>alert('x')</script> & \"so\""


def drawn(template: str, **context: object) -> str:
    return " ".join(render_to_string(template, context, RequestFactory().get("/")).split())


def texts(picture: SafeString) -> list[str]:
    root = ElementTree.fromstring(picture)
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


# --- badges ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_shape_a_word_and_a_tone(status):
    shape, word = r'<svg class="shape"[^>]*aria-hidden="true">.+</svg>', "<span>[A-Z][a-z ]+</span>"
    assert re.fullmatch(rf'<span class="badge badge-\w+">{shape}{word}</span>', badge(status))


def test_statuses_of_different_standing_differ_in_shape_and_not_only_in_color():
    different = ["active", "notice_pending", "suspended", "ended", "not_determined", "applicant", "prospect"]
    shapes = {re.search(r"<svg.*</svg>", badge(status)).group() for status in different}
    assert len(shapes) == len(different)


def test_a_badge_takes_an_enum_and_words_of_its_own_and_escapes_them():
    class Status(Enum):
        ACTIVE = "active"

    assert ">Active<" in badge(Status.ACTIVE)
    assert ">Notice pending, ends 1 May 2027<" in badge("notice_pending", "Notice pending, ends 1 May 2027")
    assert "<script>" not in badge("active", NASTY)


def test_a_status_without_a_look_is_refused_with_the_known_ones():
    with pytest.raises(LookupError, match="No badge for 'gone'; the known ones are active, "):
        badge("gone")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "Not determined"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (date(2018, 5, 4), "4 May 2018"),
        (Evidence.ON_FILE, "on file"),
        ("as it is", "as it is"),
    ],
)
def test_values_are_said_in_words(value, said):
    assert words(value) == said


# --- findings --------------------------------------------------------------------------------------------------------

WHY = Fact("Approved by ORD-18-1868", date(2018, 6, 4), Evidence.ON_FILE, "scan", (AGREEMENT.at("5.A.1"),))


def test_a_finding_shows_its_answer_its_whole_why_and_the_reading_it_rests_on():
    finding = Finding(True, (WHY,), (), (Fact("Two dates disagree"),), (READING.at("R18"),))
    said = drawn("nipas/_finding.html", finding=finding, question="Approved?")
    text = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    assert text == (
        "Approved? Yes by Reading R18 Because Approved by ORD-18-1868 on file: scan Agreement §5.A.1 "
        "Take note Two dates disagree"
    )


def test_a_finding_without_an_answer_says_what_is_missing_and_never_no():
    text = re.sub(r"<[^>]+>", " ", drawn("nipas/_finding.html", finding=not_determined("the day of execution")))
    assert " ".join(text.split()) == "Not determined Missing the day of execution"


def test_no_is_an_answer_and_not_something_missing():
    assert "No</span>" in drawn("nipas/_finding.html", finding=Finding(False, (WHY,)))


def test_what_people_typed_into_a_source_is_escaped_in_a_finding():
    finding = Finding(NASTY, (Fact(NASTY, None, Evidence.REPORTED, NASTY),), (), (Fact(NASTY),))
    assert "<script>" not in drawn("nipas/_finding.html", finding=finding, question=NASTY)


# --- timeline and related records ------------------------------------------------------------------------------------


def test_a_timeline_stands_in_order_marks_what_is_ahead_and_keeps_the_undated_apart():
    given = [
        Moment(date(2027, 5, 1), "Ends"),
        Moment(None, "Executed", when="date unknown, by 5 February 2019"),
        Moment(TODAY, "Today"),
        Moment(date(2018, 6, 4), "Approved", "ORD-18-1868", "/approval/"),
    ]
    timeline, undated = in_order(given, TODAY)
    assert [(moment.title, moment.ahead) for moment in timeline] == [
        ("Approved", False),
        ("Today", False),
        ("Ends", True),
    ]
    assert [moment.title for moment in undated] == ["Executed"]
    said = drawn("nipas/_timeline.html", timeline=timeline, undated=undated)
    assert said.count("<li") == 4
    assert '<a href="/approval/">Approved</a>' in said
    assert "date unknown, by 5 February 2019" in said


def test_an_empty_timeline_says_so():
    assert "Nothing is recorded yet." in drawn("nipas/_timeline.html", timeline=[], undated=[])
    assert "No paper yet." in drawn("nipas/_timeline.html", timeline=[], undated=[], empty_timeline="No paper yet.")


def test_related_records_are_a_table_whose_first_cell_heads_the_row_and_whose_figures_stand_to_the_right():
    columns = [Column("Name"), Column("Officers", number=True)]
    related = Related("Officials", columns, [Row(["Mary Jones", 42], "/jones/")], "None yet.", "/add/", "Add official")
    said = drawn("nipas/_related.html", related=related)
    assert '<th scope="row"><a href="/jones/">Mary Jones</a></th>' in said
    assert '<td data-label="Officers" class="number">42</td>' in said
    assert '<a class="addlink" href="/add/">Add official</a>' in said


def test_a_row_with_a_cell_missing_is_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        Related("Officials", [Column("Name"), Column("From")], [Row(["Mary Jones"])], "None yet.").lines  # noqa: B018


def test_no_related_record_says_what_would_be_here():
    said = drawn(
        "nipas/_related.html", related=Related("Insurance", [Column("Carrier")], [], "No certificate is on file.")
    )
    assert "No certificate is on file." in said
    assert "<table" not in said


def test_consequences_say_what_ends_on_which_day_and_what_stays():
    said = drawn(
        "nipas/_consequences.html", on=date(2027, 5, 1), happens=["Its team seats end."], keeps=["What it owes."]
    )
    text = " ".join(re.sub(r"<[^>]+>", " ", said).split())
    assert text == "What will happen on 1 May 2027 Its team seats end. What stays as it is What it owes."


def test_an_act_without_consequences_says_that_nothing_else_changes():
    assert "Nothing else changes." in drawn("nipas/_consequences.html", happens=[])


@pytest.mark.parametrize("chosen", [TODAY, date(2018, 6, 4)], ids=["today", "another day"])
def test_a_page_head_offers_the_way_back_to_today_only_from_another_day(chosen):
    said = drawn("nipas/_page_head.html", title="McHenry", status="active", day=Day(chosen, TODAY))
    assert ("Today</a>" in said) is (chosen != TODAY)
    assert f'value="{chosen.isoformat()}" min="1983-01-01" max="2036-05-01"' in said


def test_a_page_head_without_status_and_day_is_a_title():
    assert drawn("nipas/_page_head.html", title="McHenry") == '<div class="page-head"> <h1>McHenry</h1> </div>'


# --- pictures --------------------------------------------------------------------------------------------------------

APPROVALS = Series("Approvals", [(date(2018, 10, 1), 3), (date(2018, 6, 10), 1), (date(2018, 6, 20), 2)])


def test_a_step_chart_rises_on_the_days_of_its_steps_whatever_their_order():
    path = re.search(r'class="series s1" d="M44 286.0([^"]+)"', step_chart("c", "t", "d", [APPROVALS])).group(1)
    across = [float(x) for x in re.findall(r"H([\d.]+)", path)]
    up = [float(y) for y in re.findall(r"V([\d.]+)", path)]
    assert across == sorted(across)
    assert len(across) == 4, "three steps and on to the right edge"
    assert up == sorted(up, reverse=True)
    assert len(set(up)) == 3


def test_a_step_chart_names_its_lines_and_levels_and_tells_them_apart_without_color():
    executions = Series("Executions", [(date(2018, 7, 1), 2)])
    chart = step_chart("adoption", "Adoption", "3 of 4", [APPROVALS, executions], [Threshold("3 of 4 needed", 3)])
    assert {"Approvals", "Executions", "3 of 4 needed"} <= set(texts(chart))
    assert chart.count("<circle") == 2
    assert chart.count("<rect") == 2
    assert 'aria-labelledby="adoption-title" aria-describedby="adoption-desc"' in chart


def test_a_step_chart_holds_every_figure_inside_itself():
    chart = step_chart("c", "t", "d", [Series("A", [(date(2003, 1, 1), 100)])], [Threshold("level", 101)])
    assert all(0 <= float(y) <= 320 for y in re.findall(r'y\d?="([\d.-]+)"', chart))
    assert "120" in texts(chart)


def test_a_chart_over_decades_is_marked_by_years_and_over_weeks_by_months():
    years = step_chart("c", "t", "d", [Series("A", [(date(1983, 1, 1), 1), (date(2018, 1, 1), 2)])])
    weeks = step_chart("c", "t", "d", [Series("A", [(date(2018, 5, 4), 1), (date(2018, 6, 4), 2)])])
    assert "2000" in texts(years)
    assert "Jun" in texts(weeks)
    assert len(texts(years)) < 24


def test_a_chart_without_a_step_is_refused():
    with pytest.raises(ValueError, match="no step to draw"):
        step_chart("c", "t", "d", [Series("A", [])])


@pytest.mark.parametrize(
    "picture",
    [
        step_chart("c", NASTY, NASTY, [Series(NASTY, [(TODAY, 1)])], [Threshold(NASTY, 1)]),
        year_strip(TODAY, [(TODAY, NASTY)]),
    ],
    ids=["step chart", "year strip"],
)
def test_a_picture_is_well_formed_escapes_what_people_typed_and_carries_no_style(picture):
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img"
    assert not [element for element in root.iter() if element.get("style") or element.tag == "script"]


def test_the_year_strip_marks_each_date_and_tells_all_of_them_to_those_who_do_not_see_it():
    strip = year_strip(
        TODAY, [(date(2026, 12, 31), "Last day"), (date(2026, 6, 2), "Meeting"), (date(2027, 6, 1), "Late")]
    )
    assert strip.count('class="marker"') == 2
    assert "<desc" in strip
    assert "2 June 2026: Meeting; 31 December 2026: Last day</desc>" in strip
    assert "Late" not in strip


def test_labels_on_one_day_stand_one_above_the_other_and_no_leader_crosses_a_label():
    strip = year_strip(
        TODAY, [(date(2026, 8, 1), "First thing"), (date(2026, 8, 1), "Second thing"), (date(2026, 8, 20), "Soon")]
    )
    rows = dict(re.findall(r'class="label" x="[\d.]+" y="(\d+)">([^<]+)<', strip))
    assert len(rows) == 3
    places = {label: int(y) for y, label in rows.items()}
    assert places["First thing"] < places["Second thing"] < places["Soon"]


def test_more_labels_than_there_are_rows_leave_the_rest_to_the_list():
    strip = year_strip(TODAY, [(date(2026, 8, 1), f"Thing {number}") for number in range(9)])
    assert strip.count('class="marker"') == 9
    assert strip.count('class="label"') == 5


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), [date(2026, 5, 1)]),
        (date(2026, 5, 2), date(2026, 5, 31), []),
        (date(2026, 12, 15), date(2027, 2, 1), [date(2027, 1, 1), date(2027, 2, 1)]),
    ],
    ids=["the first is in", "the second is past it", "over a new year, the end included"],
)
def test_the_first_days_of_months(start, end, months):
    assert first_of_months(start, end) == months
