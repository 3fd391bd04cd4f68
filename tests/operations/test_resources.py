"""Tables of mutual aid: what agencies keep in a workbook comes in, and everything goes out."""

from __future__ import annotations

from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from membership.models import Agency
from nipas_admin.shared import scope
from nipas_admin.shared.tables import Line, Table
from operations import resources, services
from operations.models import (
    AlarmAssignment,
    AlarmLine,
    DispatchCenter,
    FreshnessRule,
    Incident,
    ReadinessInquiry,
    Resource,
    ResourceCategory,
    ResourceType,
)
from operations.rules.readiness import Reply
from tests.membership import importing
from tests.operations import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 1)
HOLDINGS = "agency,type,quantity,deployable,note,confirmed_on"
LINES = "agency,version,effective_on,level,order,aiding_agency,type,quantity"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The day on which the tables come in."""
    monkeypatch.setattr(timezone, "localdate", lambda *_arguments: TODAY)


def table(headings, *rows):
    return Table(headings.split(","), [Line(number, list(row)) for number, row in enumerate(rows, 2)])


def take(resource, headings, *rows, **more):
    """What bringing in these rows did."""
    return resource.take(table(headings, *rows), dry_run=False, source="table.csv", **more)


def problems(outcome):
    return [str(problem) for problem in outcome.problems]


def counts(outcome):
    assert outcome.good, problems(outcome)
    return outcome.new, outcome.changed, outcome.same


def out(resource, queryset):
    """What is exported, as mappings of heading and cell."""
    return [dict(zip(resource.headings(), row, strict=True)) for row in resource.rows(queryset)]


def again(kind, queryset):
    """What bringing in again what was exported does."""
    resource = kind()
    lines = [Line(number, row) for number, row in enumerate(resource.rows(queryset), 2)]
    return counts(kind().take(Table(resource.headings(), lines), dry_run=False))


# --- What agencies hold -----------------------------------------------------------------------------------------------


def test_resources_come_in_by_ori_or_name_and_the_same_table_changes_nothing():
    ash, elm = make.agency(), make.agency()
    rows = [
        [ash.ori, "officer", "20", "6", "Days only", "2026-06-01"],
        [elm.name, "Canine Teams", "2", "1", "", ""],
    ]
    who = make.person()

    assert counts(take(resources.HoldingResource(), HOLDINGS, *rows, user=who)) == (2, 0, 0)

    officers = Resource.objects.get(agency=ash)
    assert (officers.type.key, officers.quantity, officers.deployable) == ("officer", 20, 6)
    assert (officers.confirmed_on, officers.confirmed_by) == (date(2026, 6, 1), who)
    assert Resource.objects.get(agency=elm).type.key == "canine"
    assert counts(take(resources.HoldingResource(), HOLDINGS, *rows)) == (0, 0, 2)
    assert again(resources.HoldingResource, Resource.objects.all()) == (0, 0, 2)
    assert officers.history.count() == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        pytest.param(["officer", "-3", "1", "", ""], "Row 2, quantity: “-3” is below zero", id="a negative quantity"),
        pytest.param(["officer", "3", "-1", "", ""], "Row 2, deployable: “-1” is below zero", id="a negative figure"),
        pytest.param(["officer", "many", "1", "", ""], "Row 2, quantity: “many” is not a whole number", id="a word"),
        pytest.param(["officer", "2.5", "1", "", ""], "Row 2, quantity: “2.5” is not a whole number", id="a half"),
        pytest.param(["officer", "3", "4", "", ""], "Row 2, deployable: 4 cannot be deployed: the agency has 3.",
                     id="more than there is"),
        pytest.param(["officer", "", "0", "", ""], "Row 2, quantity: Say how many the agency has", id="no quantity"),
        pytest.param(["officer", "10001", "1", "", ""], "Row 2, quantity: No agency has more than 10,000",
                     id="too many to be true"),
        pytest.param(["officr", "3", "1", "", ""], "Row 2, type: “officr” is not in the catalogue of resources. "
                     "Did you mean “officer”?", id="a slip of the hand"),
        pytest.param(["van", "3", "1", "", "2026-08-01"], "Row 2, type: Transport vans is no longer in the catalogue",
                     id="a retired type"),
        pytest.param(["officer", "3", "1", "", "2026-12-02"], "Row 2, confirmed_on: 2 December 2026 has not come yet",
                     id="a day ahead"),
        pytest.param(["van", "3", "1", "", "13/40/2026"], "Row 2, confirmed_on: ", id="no day of the calendar"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_cell_and_nothing_is_written(cells, said):
    ash = make.agency()
    ResourceType.objects.filter(key="van").update_with_history(retired_on=date(2026, 8, 1))

    outcome = take(resources.HoldingResource(), HOLDINGS, [ash.ori, *cells], [ash.ori, "canine", "1", "1", "", ""])

    assert len(outcome.problems) == 1
    assert problems(outcome)[0].startswith(said)
    assert not Resource.objects.exists()


def test_what_agencies_hold_already_of_a_retired_type_may_be_corrected():
    ash = make.agency()
    make.holds(ash, 2, "van")
    ResourceType.objects.filter(key="van").update_with_history(retired_on=date(2026, 8, 1))
    assert counts(take(resources.HoldingResource(), HOLDINGS, [ash.ori, "van", "1", "1", "", "2026-08-16"])) == (
        0,
        1,
        0,
    )


@pytest.mark.parametrize("on", [pytest.param("2026-08-15", id="an earlier day"), pytest.param("", id="no day")])
def test_a_confirmation_is_not_taken_back(on):
    ash = make.agency()
    make.holds(ash, 2)
    outcome = take(resources.HoldingResource(), HOLDINGS, [ash.ori, "canine", "1", "1", "", on])
    assert problems(outcome) == [f"Row 2, confirmed_on: {services.resources.LATER}"]


def test_nine_hundred_unknown_types_are_one_problem():
    ash = make.agency()
    rows = [[ash.ori, f"gadget {number}", "1", "1", "", ""] for number in range(900)]

    outcome = take(resources.HoldingResource(), HOLDINGS, *rows, [ash.ori, "officer", "-1", "0", "", ""])

    unknown, negative = problems(outcome)
    assert unknown.startswith(
        "type: 900 names are not in the catalogue of resources: “gadget 0”, “gadget 1”, “gadget 10” and 897 more. "
        "It has: armored, atv, barricade, "
    )
    assert unknown.endswith("The first is in row 2.")
    assert negative.startswith("Row 902, quantity: “-1” is below zero")


def test_a_few_unknown_types_are_named_row_by_row():
    ash = make.agency()
    outcome = take(resources.HoldingResource(), HOLDINGS, *([ash.ori, f"x{n}", "1", "1", "", ""] for n in range(5)))
    assert [problem.row for problem in outcome.problems] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("limited", "said"),
    [
        pytest.param(True, "Row 3, agency: There is no agency with the ORI or name", id="others are out of sight"),
        pytest.param(False, "Row 3: This row is not of your agency.", id="and out of reach"),
    ],
)
def test_a_representative_brings_rows_of_the_own_agency_only(limited, said):
    ash, elm = make.agency(), make.agency()
    rows = [[one.ori, "officer", "3", "1", "", ""] for one in (ash, elm)]

    def brought(*mine):
        who = SimpleNamespace(is_limited_to_agencies=True, _agencies=frozenset(mine))

        def rows_of(model):
            rows = model._default_manager.all()
            return scope.limit(rows, who, "pk" if model is Agency else "agency") if limited else rows

        resource = resources.HoldingResource(rows_of, partial(scope.may_hold, user=who, agency_path="agency"))
        return take(resource, HOLDINGS, *rows)

    (problem,) = problems(brought(ash.pk))
    assert problem.startswith(said)
    assert not Resource.objects.exists()
    assert counts(brought(ash.pk, elm.pk)) == (2, 0, 0), "the control: both are the own"


# --- What the body sets -----------------------------------------------------------------------------------------------


def test_the_catalogue_rules_and_centers_come_in_and_come_back_unchanged():
    assert counts(take(resources.ResourceCategoryResource(), "name,position", ["Aircraft", "9"])) == (1, 0, 0)
    types = "key,name,category,unit,on_pocket_card"
    row = ["helicopter", "Helicopters", "Aircraft", "aircraft", "no"]
    assert counts(take(resources.ResourceTypeResource(), types, row)) == (1, 0, 0)
    rules = ["2026-01-01", "3", "14", "Board, 5 January 2026"]
    assert counts(take(resources.FreshnessRuleResource(), "from_on,months,due_days,source", rules)) == (1, 0, 0)
    centers = "name,role,telephone,from_on,until_on"
    old = ["North Center", "Primary", "847 555 0100", "2020-01-01", "2026-01-01"]
    new = ["South Center", "Primary", "847 555 0199", "2026-01-01", ""]
    assert counts(take(resources.DispatchCenterResource(), centers, old, new)) == (2, 0, 0)

    for kind, model in (
        (resources.ResourceCategoryResource, ResourceCategory), (resources.ResourceTypeResource, ResourceType),
        (resources.FreshnessRuleResource, FreshnessRule), (resources.DispatchCenterResource, DispatchCenter),
    ):  # fmt: skip
        assert again(kind, model.objects.all()) == (0, 0, model.objects.count())


def test_a_second_center_in_one_role_is_refused_in_words():
    row = ["Primary", "847 555 0100", "2020-01-01"]
    outcome = take(resources.DispatchCenterResource(), "name,role,telephone,from_on", ["A", *row], ["B", *row])
    assert problems(outcome) == ["Row 3: Another centre has this role: say first until when."]


# --- Alarm cards ------------------------------------------------------------------------------------------------------


def test_the_first_card_of_an_agency_comes_in_as_a_draft_with_its_lines():
    ash, elm, oak = make.agency(), make.agency(), make.agency()
    rows = [
        [ash.ori, "1", "2026-09-01", "1", "1", elm.ori, "squad", "2"],
        [ash.ori, "", "2026-09-01", "1", "2", oak.name, "squad", "1"],
    ]

    assert counts(take(resources.AlarmLineResource(), LINES, *rows)) == (2, 0, 0)

    card = AlarmAssignment.objects.get()
    assert (card.agency, card.version, card.effective_on, card.approved_on) == (ash, 1, date(2026, 9, 1), None)
    assert [str(line) for line in card.lines.all()] == [
        f"Level 1: {elm}, 2 Marked squad cars",
        f"Level 1: {oak}, 1 Marked squad cars",
    ]
    assert counts(take(resources.AlarmLineResource(), LINES, *rows)) == (0, 0, 2)


def test_a_faulty_line_leaves_no_card_behind():
    ash, elm = make.agency(), make.agency()
    outcome = take(resources.AlarmLineResource(), LINES, [ash.ori, "1", "2026-09-01", "1", "1", elm.ori, "squad", "0"])
    assert [problem.column for problem in outcome.problems] == ["quantity"]
    assert not AlarmAssignment.objects.exists()


def test_an_approved_card_stays_and_its_next_draft_takes_lines():
    ash, elm, oak = make.agency(), make.agency(), make.agency()
    make.card(ash, (1, elm, 2))
    draft = services.draft_card(agency=ash, effective_on=date(2027, 1, 1))

    def line(version, order, aiding, quantity):
        return [ash.ori, version, "", "1", order, aiding.ori, "squad", quantity]

    same, more, other = line("1", "1", elm, "2"), line("1", "1", elm, "3"), line("1", "2", oak, "1")
    assert counts(take(resources.AlarmLineResource(), LINES, same)) == (0, 0, 1)
    for refused in (more, other):
        (said,) = problems(take(resources.AlarmLineResource(), LINES, refused))
        assert said == (
            "Row 2, agency: Version 1 is approved and stays as it is: make a new version, then import its lines."
        )
    assert counts(take(resources.AlarmLineResource(), LINES, line("", "1", elm, "3"), line("2", "2", oak, "1"))) == (
        1, 1, 0,
    )  # fmt: skip
    assert draft.lines.count() == 2
    assert again(resources.AlarmLineResource, AlarmAssignment.objects.all()) == (0, 0, 3)


@pytest.mark.parametrize(
    ("version", "effective_on", "said"),
    [
        pytest.param(
            "7", "2026-09-01", "has no version 7 of its alarm card. It has no card yet.", id="no such version"
        ),
        pytest.param("", "", "has no draft: make a new version first.", id="neither version nor day"),
    ],
)
def test_a_line_of_no_card_says_what_to_do(version, effective_on, said):
    ash, elm = make.agency(), make.agency()
    row = [ash.ori, version, effective_on, "1", "1", elm.ori, "squad", "1"]
    assert said in " ".join(problems(take(resources.AlarmLineResource(), LINES, row)))
    assert not AlarmLine.objects.exists()


def test_no_agency_stands_on_its_own_card():
    ash = make.agency()
    outcome = take(resources.AlarmLineResource(), LINES, [ash.ori, "1", "2026-09-01", "1", "1", ash.ori, "squad", "1"])
    (said,) = problems(outcome)
    assert said.startswith("Row 2, aiding_agency: The stricken agency is not on its own card")


# --- Out --------------------------------------------------------------------------------------------------------------


def test_incidents_go_out_with_every_agency_asked_and_all_its_moments(bylaws):
    night, near, far = make.incident(), make.helper(3), make.helper(9)
    line = make.wants(night, 2)
    make.wants(night, 5, key="officer")
    make.goes(make.ask(line, near), "accepted", "en_route", "on_scene", "released")
    make.goes(make.ask(line, far), "declined")
    make.incident()

    first, second, open_line, empty = out(resources.IncidentResource(), Incident.objects.order_by("number"))

    assert (first["reference"], first["aiding_agency"], first["step"]) == ("2026-0001", near.ori, "Released")
    moments = [first[name] for name in ("asked_at", "accepted_at", "en_route_at", "on_scene_at", "released_at")]
    assert moments == [f"2026-08-16 18:0{minute}" for minute in (1, 2, 3, 4, 5)]
    assert (second["step"], second["declined_because"]) == ("Declined", "Local conditions prohibit response")
    assert (open_line["type"], open_line["at_least"], open_line["aiding_agency"]) == ("officer", 5, "")
    assert (empty["reference"], empty["type"]) == ("2026-0002", "")


def test_an_aiding_agency_does_not_read_who_else_came(bylaws):
    night, near, far = make.incident(), make.helper(3), make.helper(9)
    line = make.wants(night, 2)
    make.ask(line, near)
    make.ask(line, far)

    def seen_by(who):
        table = resources.IncidentResource(lambda model: model.objects.filter(pk=who.pk))
        return [row["aiding_agency"] for row in out(table, Incident.objects.all())]

    assert seen_by(far) == [far.ori]
    assert seen_by(night.stricken) == [near.ori, far.ori], "the stricken agency knows who comes"


def test_answers_about_readiness_go_out_without_their_links(bylaws):
    ash, elm = make.agency(), make.agency()
    tokens = make.inquiry(ash, elm)
    services.answer(
        invitation=make.invited(tokens[ash.pk]), reply=Reply.YES, people=4, hours=2, at=make.at(5), replied_by="Chief"
    )

    first, second = out(resources.ReadinessInquiryResource(), ReadinessInquiry.objects.all())

    assert (first["agency"], first["people"], first["within_hours"]) == (ash.ori, 4, 2)
    assert first["answered_at"] == "2026-08-16 18:05"
    assert (second["agency"], second["reply"]) == (elm.ori, "")
    said = str([first, second])
    assert not any(secret in said for secret in [*tokens.values(), make.invited(tokens[elm.pk]).secret])


def test_acts_have_their_own_doors():
    assert not resources.IncidentResource.natural_keys
    assert not resources.ReadinessInquiryResource.natural_keys


# --- On the lists -----------------------------------------------------------------------------------------------------


def test_what_agencies_hold_is_brought_in_and_taken_out_on_its_list(client, bylaws):
    registrar = importing.administrator(client)
    ash = make.agency()
    rows = importing.table(HOLDINGS, [ash.ori, "officer", "20", "6", "", "2026-06-01"])

    importing.bring_in(registrar, Resource, rows)

    assert Resource.objects.get().confirmed_by.username == "registrar"
    assert Resource.objects.get().history.get().history_change_reason == "Imported from table.csv"
    again = importing.upload(registrar, Resource, importing.export(registrar, Resource))
    assert (importing.problems_of(again), again.context["outcome"].same) == ([], 1)


def test_a_preview_of_a_first_card_leaves_nothing_and_its_confirmation_the_draft(client, bylaws):
    registrar = importing.administrator(client)
    ash, elm = make.agency(), make.agency()
    rows = importing.table(LINES, [ash.ori, "", "2026-09-01", "1", "1", elm.ori, "squad", "2"])

    preview = importing.upload(registrar, AlarmAssignment, rows)

    assert "effective_on" in preview.content.decode()
    assert not AlarmAssignment.objects.exists()
    importing.confirm(registrar, AlarmAssignment, preview)
    assert AlarmLine.objects.get().assignment.agency == ash
    (line,) = importing.rows_of(importing.export(registrar, AlarmAssignment))
    assert (line["agency"], line["version"], line["aiding_agency"], line["dropped"]) == (ash.ori, "1", elm.ori, "no")


def test_every_list_with_records_goes_out(client, bylaws):
    registrar = importing.administrator(client)
    make.ask(make.wants(make.incident()), make.helper(3))
    make.inquiry(make.agency())
    assert importing.rows_of(importing.export(registrar, Incident))[0]["step"] == "Asked"
    assert importing.rows_of(importing.export(registrar, ReadinessInquiry))[0]["title"] == "Flood"
    keys = {row["key"] for row in importing.rows_of(importing.export(registrar, ResourceType))}
    assert {"officer", "translator-pl"} <= keys
    for model in (ResourceCategory, FreshnessRule, DispatchCenter):
        importing.export(registrar, model)


def test_the_tables_can_be_loaded_from_a_folder(tmp_path):
    ash, elm = make.agency(), make.agency()
    (tmp_path / "01-resources.csv").write_text(importing.table(HOLDINGS, [ash.ori, "van", "2", "1", "", ""]))
    (tmp_path / "02-alarm-cards.csv").write_text(
        importing.table(LINES, [elm.ori, "", "2026-09-01", "1", "1", ash.ori, "van", "1"])
    )
    call_command("load_example", str(tmp_path), verbosity=0)
    assert Resource.objects.get().quantity == AlarmLine.objects.get().quantity + 1
