"""Costs of an incident: on its page, in its report, and back from the request to the incident."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from finance.forms.matters import CostRequestForm
from finance.models import Claim, CostRequest
from nipas_admin.accounts import roles
from nipas_admin.shared import numbers
from operations.letters.incidents import after_action
from operations.services import close_incident
from tests.membership.factories import agency, person
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
SUBMITTED = date(2026, 9, 1)


def signed_in(role, of=None):
    client = Client()
    client.force_login(person(role, of))
    return client


def came(incident, *agencies):
    """These agencies came to the incident."""
    line = make.wants(incident, len(agencies) or 1)
    for row in agencies:
        make.goes(make.ask(line, row), "accepted", "on_scene", "released")


def costs(incident, aiding, amount="100.00", **known):
    row = CostRequest(
        aiding=aiding, stricken=incident.stricken, incident=incident.reference, submitted_on=SUBMITTED,
        amount=Decimal(amount), description="Overtime", **known,
    )  # fmt: skip
    row.save()
    return row


def page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def table(shown, title="Costs"):
    return next((one for one in shown.context["related_tables"] if one.title == title), None)


def test_an_incident_leads_to_its_costs_and_they_lead_back(bylaws):
    incident, aiding = make.incident(), make.helper()
    row = costs(incident, aiding, decided_on=date(2026, 9, 9), granted=Decimal("60.00"), decided_by="Mayor")
    claim = Claim.objects.create(title="Doe v. Village", filed_on=SUBMITTED, incident=incident.reference)
    costs(make.incident(), aiding)
    treasurer = signed_in(roles.TREASURER)

    shown = treasurer.get(page(incident))

    (line,) = table(shown).rows
    assert line.url == page(row)
    assert [str(cell) for cell in line.cells[:4]] == [aiding.name, "1 September 2026", "$100.00", "$60.00"]
    assert "Granted in part" in line.cells[4]
    assert table(shown, "Claims").rows[0].url == page(claim)
    for named in (row, claim):
        buttons = {button.label: button.url for button in treasurer.get(page(named)).context["buttons"]}
        assert buttons["Incident 2026-0001"] == page(incident)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_request_begins_with_what_is_known_of_the_incident(bylaws, number):
    incident = make.incident()
    aiding = [make.helper() for _one in range(number)]
    came(incident, *aiding)

    add = table(signed_in(roles.TREASURER).get(page(incident))).add_url
    form = signed_in(roles.TREASURER).get(add).context["adminform"].form

    known = {"stricken": str(incident.stricken_id), "incident": "2026-0001", "incident_on": "2026-08-16"}
    assert form.initial | known == form.initial
    assert form.initial.get("aiding") == (str(aiding[0].pk) if number == 1 else None)


def test_each_sees_what_concerns_them(bylaws):
    incident, ours, theirs = make.incident(), make.helper(), make.helper()
    came(incident, ours, theirs)
    costs(incident, ours, "111.00"), costs(incident, theirs, "222.00")

    def amounts(role, of=None):
        shown = table(signed_in(role, of).get(page(incident)))
        return shown and [row.cells[2] for row in shown.rows]

    assert amounts(roles.SYSTEM_MANAGER) == ["$111.00", "$222.00"]
    assert amounts(roles.AGENCY_REPRESENTATIVE, ours) == ["$111.00"]
    assert amounts(roles.AGENCY_REPRESENTATIVE, incident.stricken) == ["$111.00", "$222.00"]
    assert amounts(roles.TELECOMMUNICATOR) is None
    assert table(signed_in(roles.SYSTEM_MANAGER).get(page(incident))).add_url == "", "the Treasurer takes them down"


def test_an_agency_is_not_led_to_an_incident_that_does_not_concern_it(bylaws):
    incident, ours = make.incident(), agency()
    row = costs(incident, ours)
    assert signed_in(roles.AGENCY_REPRESENTATIVE, ours).get(page(row)).context["buttons"] == []


def test_the_report_of_an_incident_has_its_costs_as_of_the_day(bylaws):
    incident, aiding = make.incident(), make.helper()
    close_incident(incident=incident, at=make.at(30))
    costs(incident, aiding)

    incident.refresh_from_db()
    (before,) = after_action(incident, date(2026, 8, 31)).tables
    (then,) = after_action(incident, SUBMITTED).tables

    assert (before.rows, "without reimbursement" in before.empty) == ([], True)
    assert then.rows[0].cells == (aiding.name, "1 September 2026", "$100.00", "", "Waits for the decision")


def form(incident, typed, **known):
    sent = {
        "aiding": agency().pk, "stricken": incident.stricken_id, "incident": typed, "incident_on": "",
        "submitted_on": "2026-09-01", "amount": "100", "description": "Overtime", "note": "", **known,
    }  # fmt: skip
    instance = known.pop("instance", None)
    return CostRequestForm(sent, instance=instance)


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        pytest.param("2026-0001", "2026-0001", "", id="our number"),
        pytest.param(" 2026-1 ", "2026-0001", "", id="our number in short"),
        pytest.param("", "", "", id="none"),
        pytest.param("Lake County 2026-9", "Lake County 2026-9", "", id="another body's number"),
        pytest.param("2026-0002", None, "Incident 2026-0002 is not on record", id="no such number of ours"),
        pytest.param("2025-1", None, "say which: Lake County 2025-1", id="our number in another year"),
    ],
)
def test_the_number_typed_is_ours_or_says_whose_it_is(bylaws, typed, kept, said):
    incident = make.incident()
    found = form(incident, typed)

    assert found.is_valid() is (kept is not None), found.errors
    if kept is None:
        assert said in found.errors["incident"][0]
        assert found["incident"].value() == typed, "what was typed stays"
        return
    assert found.cleaned_data["incident"] == kept
    assert found.cleaned_data["incident_on"] == (make.DAY if kept == "2026-0001" else None)


def test_costs_are_asked_of_the_agency_that_was_stricken(bylaws):
    incident = make.incident()
    other = agency()
    found = form(incident, "2026-0001", stricken=other.pk)
    assert "struck another agency" in found.errors["stricken"][0]


def test_an_old_number_that_leads_nowhere_is_kept_while_something_else_changes(bylaws):
    row = costs(make.incident(), make.helper())
    CostRequest.objects.filter(pk=row.pk).update_with_history(incident="1999-7")
    row.refresh_from_db()
    sent = {"aiding": row.aiding_id, "stricken": row.stricken_id, "incident": "1999-7", "incident_on": "",
            "submitted_on": "2026-09-01", "amount": "90", "description": "Overtime", "note": "",
            "row_version": str(row.version)}  # fmt: skip

    assert CostRequestForm(sent, instance=row).is_valid()
    assert signed_in(roles.TREASURER).get(page(row)).status_code == 200


def test_nobody_gives_numbers_of_another_kind():
    assert numbers.find("meeting", "2026-0001") is None
