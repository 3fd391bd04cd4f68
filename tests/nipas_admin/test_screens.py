"""Acts that are refused say so in words, and how records and screens are declared is checked at start."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.test.utils import isolate_apps

import membership.models
from membership.models import Agency, Official
from nipas_admin.shared import checks
from nipas_admin.shared.admin import RecordAdmin, RecordTabular
from nipas_admin.shared.fields import LegalDateField
from nipas_admin.shared.records import Record
from nipas_admin.shared.refusals import in_words
from tests.nipas_admin import screens
from tests.nipas_admin.conftest import client_of, text_of


@pytest.mark.django_db
def test_what_an_action_refuses_is_said_above_the_list_in_words(ours, superuser):
    sent = {"action": "refuse", "_selected_action": [str(ours.pk)]}

    page = client_of(superuser).post("/membership/agency/", sent, follow=True)

    assert page.status_code == 200
    assert "An ORI of Illinois has nine characters" in text_of(page)


class Fault(Exception):
    """A refusal of PostgreSQL as its driver reports it."""

    def __init__(self, sqlstate: str, constraint: str) -> None:
        super().__init__(constraint)
        self.sqlstate = sqlstate
        self.diag = type("Diagnosis", (), {"constraint_name": constraint})()


def of_postgresql(sqlstate: str, constraint: str) -> IntegrityError:
    error = IntegrityError(f'violates constraint "{constraint}"')
    error.__cause__ = Fault(sqlstate, constraint)
    return error


SAID = {
    "SQLite, a named index": (
        IntegrityError("UNIQUE constraint failed: index 'agency_ori_once'"),
        "An agency with this ORI",
    ),
    "SQLite, a named check": (IntegrityError("CHECK constraint failed: agency_both_coordinates"), "Give both latitude"),
    "PostgreSQL, a named index": (of_postgresql("23505", "agency_ori_once"), "An agency with this ORI"),
    "PostgreSQL, a named check": (of_postgresql("23514", "agency_both_coordinates"), "Give both latitude"),
    "a unique column": (
        IntegrityError("UNIQUE constraint failed: membership_agency.x"),
        "An agency with the same details",
    ),
    "PostgreSQL, a unique column": (of_postgresql("23505", "other"), "An agency with the same details"),
    "something else": (IntegrityError("FOREIGN KEY constraint failed"), "would contradict what it already holds"),
    "append-only": (IntegrityError("membership_historicalagency is append-only"), "kept for good"),
    "words already": (ValidationError("In words."), "In words."),
}


@pytest.mark.parametrize(("refusal", "words"), SAID.values(), ids=SAID)
def test_a_refusal_of_the_database_is_said_in_words(refusal, words):
    [said] = in_words(refusal, Agency).messages

    assert words in said
    assert "constraint" not in said


# Checks


def ids(errors):
    return {error.id for error in errors}


def test_everything_declared_so_far_is_guarded():
    assert checks.records_are_guarded(None) == []
    assert checks.screens_are_guarded(None) == []


@isolate_apps("membership")
def test_a_record_with_a_back_door_is_found():
    class Open(Record):
        __module__ = "membership.models"
        agency = models.ForeignKey("membership.Agency", models.CASCADE, related_name="+")
        other = models.ForeignKey("membership.Agency", models.SET_NULL, null=True, related_name="+")
        on = models.DateField()
        good_on = LegalDateField()
        at = models.DateTimeField()
        objects = models.Manager()

        class Meta:
            app_label = "membership"

    faults = list(checks._faults_of_record(Open))
    del membership.models.HistoricalOpen

    assert ids(faults) == {"nipas.E101", "nipas.E102", "nipas.E103"}
    assert [fault.msg.split(" ")[0] for fault in faults if fault.id == "nipas.E102"] == ["agency", "other"]
    assert [fault.msg.split(" ")[0] for fault in faults if fault.id == "nipas.E103"] == ["on"]


class PlainInline(admin.TabularInline):
    model = Official


class PlainForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = "__all__"


def screen(base: type = RecordAdmin, **declared: object):
    return type("Screen", (base,), declared)(Agency, screens.site)


SCREENS = {
    "list_editable": (lambda: screen(list_display=["name", "city"], list_editable=["city"]), {"nipas.E111"}),
    "a stock ModelAdmin": (lambda: screen(admin.ModelAdmin), {"nipas.E112"}),
    "a stock inline": (lambda: screen(inlines=[PlainInline]), {"nipas.E113"}),
    "a stock form": (lambda: screen(form=PlainForm), {"nipas.E114"}),
    "a stock form in an inline": (
        lambda: screen(inlines=[type("Inline", (RecordTabular,), {"model": Official, "form": PlainForm})]),
        {"nipas.E114"},
    ),
    "an agency_path to nowhere": (lambda: screen(agency_path="agency"), {"nipas.E115"}),
    "an agency_path through many": (lambda: screen(agency_path="officials"), {"nipas.E115"}),
    "an agency_path to text": (lambda: screen(agency_path="name"), {"nipas.E115"}),
    "all well": (lambda: screen(agency_path="pk", inlines=[screens.Officials]), set()),
}


@pytest.mark.parametrize(("declared", "found"), SCREENS.values(), ids=SCREENS)
def test_a_screen_that_leaves_a_guard_out_is_found(declared, found):
    assert ids(checks._faults_of_screen(declared())) == found
