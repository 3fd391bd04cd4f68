"""Bad input through the forms: words beside the field, nothing written, and everything typed still there."""

from __future__ import annotations

import html
import json
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from membership.models import (
    Agency,
    Approval,
    Execution,
    InsuranceCertificate,
    Official,
    Participation,
    SpecializedTeam,
    TeamParticipation,
)
from nipas_admin.accounts.models import User
from tests.membership import factories as made
from tests.membership.importing import snapshot

pytestmark = pytest.mark.django_db

NAUGHTY = json.loads((Path(__file__).parents[1] / "data" / "naughty.json").read_text())


@pytest.fixture
def registrar(client):
    client.force_login(User.objects.create_superuser("registrar", password="a long enough word"))
    return client


@pytest.fixture
def elm(db):
    """An agency with a stint that lasts since 2021."""
    stint = made.new_member("Elmwood Police Department", joined=date(2021, 3, 10))
    made.official(stint.agency, name="Kim Oak")
    made.team()
    return stint.agency


def typed(form):
    """What the form would send if nothing were changed."""
    sent = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            sent.update({bound.html_name: "on"} if value else {})
        elif isinstance(value, (list, tuple)) or hasattr(value, "all"):
            sent[bound.html_name] = [getattr(item, "pk", item) for item in value]
        elif value is not None:
            sent[bound.html_name] = str(value)
    return sent


def add(client, model, **values):
    """The answer to a new record's form, filled in and sent."""
    address = reverse(f"admin:membership_{model._meta.model_name}_add")
    page = client.get(address)
    assert page.status_code == 200
    sent = typed(page.context["adminform"].form)
    for inline in page.context["inline_admin_formsets"]:
        sent.update(typed(inline.formset.management_form))
    return client.post(address, {**sent, **values})


def faults_of(answer):
    """What the form says, by field."""
    assert answer.status_code == 200, "saved, though it should not have been"
    faults = {name: list(said) for name, said in answer.context["adminform"].form.errors.items()}
    for inline in answer.context["inline_admin_formsets"]:
        faults.update({name: list(said) for row in inline.formset.errors for name, said in row.items()})
    return faults


def keeps(answer, values):
    """Is everything typed on the page still?"""
    page = html.unescape(answer.content.decode()).replace("\r\n", "\n")
    return [value for value in values if str(value) not in page]


BAD = [
    (Official, {"name": "Pat Lee", "capacity": "clerk", "from_on": "2018-02-30"}, "from_on",
     "“2018-02-30” is not a day: there is no 30 February 2018."),
    (Official, {"name": "Pat Lee", "capacity": "clerk", "from_on": "1/2/49"}, "from_on",
     "“1/2/49” leaves the century open. Give the year four digits: 5/1/2026 or 2026-05-01."),
    (Official, {"name": "Pat Lee", "capacity": "clerk", "from_on": "0001-01-01"}, "from_on",
     "1 January 1 is outside the register"),
    (Official, {"name": "Pat Lee", "capacity": "clerk", "from_on": "5/1/2020", "until_on": "5/1/2019"}, "__all__",
     "The day the person left must come after the day the person began."),
    (Official, {"name": "Pat\0Lee", "capacity": "clerk"}, "name", "Null characters are not allowed."),
    (Agency, {"name": "Beloit Police Department", "ori": "WI0130100"}, "ori", "An ORI of Illinois has nine characters"),
    (Agency, {"name": "elmwood POLICE  department"}, "__all__", "An agency of this name is already in the register."),
    (Agency, {"name": "x" * 10_000}, "name", "Ensure this value has at most 150 characters (it has 10000)."),
    (Agency, {"name": "Beloit Police Department", "sworn_officers": "forty"}, "sworn_officers", "Enter a whole number."),
    (Agency, {"name": "Beloit Police Department", "latitude": "42.1"}, "__all__", "Give both latitude and longitude"),
    (Participation, {"path": "new", "number": "2", "attested_on": "2024-05-01", "attested_by": "minutes"}, "__all__",
     "Stints never overlap (Agreement §5.B): stint 2 would last from 1 May 2024, and stint 1 lasts from 10 March 2021."),
    (Participation, {"path": "new", "number": "1"}, "__all__", "This agency already has a stint of this number."),
    (Execution, {"head_signed": "on", "head_name": "kim oak", "chief_signed": "on", "chief_name": "Kim Oak"}, "chief",
     "One person cannot sign as head and as commanding officer"),
    (Execution, {"head_signed_on": "2024-05-01"}, "__all__", "A day for the head's signature needs the signature"),
    (InsuranceCertificate, {"coverage": "auto", "carrier": "Mutual", "from_on": "2026-01-01", "until_on": "2025-01-01"},
     "__all__", "A certificate expires after it begins."),
]  # fmt: skip


@pytest.mark.parametrize(("model", "values", "field", "said"), BAD, ids=[f"{c[0].__name__}: {c[3][:50]}" for c in BAD])
def test_a_bad_form_comes_back_with_words_and_all_that_was_typed(registrar, elm, model, values, field, said):
    before = snapshot()
    pointing = {"agency": elm.pk} if model is not Agency else {"kind": "municipal"}
    if model is Execution:
        pointing["agreement"] = made.version("amended").pk
    answer = add(registrar, model, **pointing, **values)
    faults = faults_of(answer)
    assert any(message.startswith(said) for message in faults.get(field, [])), faults
    assert keeps(answer, [value for value in values.values() if value != "on" and "\0" not in str(value)]) == []
    assert snapshot() == before


def test_an_approval_with_an_impossible_date_of_a_source_comes_back_whole(registrar, elm):
    before = snapshot()
    answer = add(
        registrar, Approval, agency=elm.pk, agreement=made.version("amended").pk, kind="ordinance", number="ORD-24-7",
        **{"dates-TOTAL_FORMS": "1", "dates-0-event": "adopted", "dates-0-on": "2024-06-31", "dates-0-evidence": "on_file",
           "dates-0-source": "the text itself"},
    )  # fmt: skip
    assert faults_of(answer)["on"] == ["“2024-06-31” is not a day: there is no 31 June 2024."]
    assert keeps(answer, ["ORD-24-7", "2024-06-31", "the text itself"]) == []
    assert snapshot() == before


def cut(model, field, text):
    """The text as long as the field takes it."""
    limit = model._meta.get_field(field).max_length
    return text if limit is None else text[:limit]


FORMS = [
    (Agency, ["note", "public_body", "governing_body", "street", "city", "telephone", "statute"]),
    (Official, ["name", "title", "telephone"]),
    (Approval, ["note", "source", "named_votes", "signed_by", "attested_by", "effect_clause"]),
    (SpecializedTeam, ["name", "scope", "criteria"]),
]


@pytest.mark.parametrize(("model", "fields"), FORMS, ids=[case[0].__name__ for case in FORMS])
def test_naughty_strings_are_saved_as_they_are_or_come_back_with_words(registrar, elm, model, fields):
    # Each form takes as many strings as it has text fields; imports take the whole list.
    strings = NAUGHTY[::7]
    for number, start in enumerate(range(0, len(strings), len(fields))):
        values = {name: cut(model, name, text) for name, text in zip(fields, strings[start:], strict=False)}
        needed = {
            Agency: {"name": f"Agency {number} PD", "kind": "municipal"},
            Official: {"agency": elm.pk, "capacity": "clerk", "name": f"Clerk {number}"},
            Approval: {
                "agency": elm.pk, "agreement": made.version("amended").pk, "kind": "ordinance", "number": f"N-{number}",
                "evidence": "on_file",
            },
            SpecializedTeam: {"name": f"Team {number}", "short_name": f"T{number}"},
        }[model]  # fmt: skip
        answer = add(registrar, model, **{**needed, **values})
        if answer.status_code == 200:
            assert faults_of(answer)
            assert keeps(answer, [value.strip() for value in values.values() if value.strip()]) == []
            continue
        assert answer.status_code == 302
        saved = model.objects.order_by("-pk").first()
        for name, value in values.items():
            assert getattr(saved, name).split() == value.replace("\r", "\n").split(), (name, value)
        page = registrar.get(reverse(f"admin:membership_{model._meta.model_name}_change", args=[saved.pk]))
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert (
            registrar.get(reverse(f"admin:membership_{model._meta.model_name}_history", args=[saved.pk])).status_code
            == 200
        )


def test_a_naughty_search_finds_nothing_and_breaks_nothing(registrar, elm):
    for text in [*NAUGHTY[::9], "a\0b"]:
        answer = registrar.get(reverse("admin:membership_agency_changelist"), {"q": text})
        assert answer.status_code in (200, 302), text


def test_a_place_in_a_team_needs_a_stint(registrar, elm):
    answer = add(registrar, TeamParticipation, team=made.team().pk, officers_committed="two")
    assert {"participation", "officers_committed"} <= set(faults_of(answer))
