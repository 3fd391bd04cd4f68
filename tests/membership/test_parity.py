"""The keystone: what SQL says of a day equals what the rules say, over random histories."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from membership.models import (
    Agency,
    AgreementVersion,
    Application,
    Approval,
    ApprovalDate,
    Execution,
    Participation,
    Proceeding,
    TerminationNotice,
)
from membership.rules import standing
from membership.rules.facts import Adoption
from membership.rules.leaving import notice_pending
from nipas_admin.shared.dated import Dated

pytestmark = pytest.mark.django_db

CUTOFF = date(2018, 5, 1)
# A small pool about the days that decide, so that histories collide with them.
POOL = [
    date(1999, 3, 2), date(2018, 4, 29), date(2018, 4, 30), date(2018, 5, 1), date(2018, 5, 2), date(2019, 2, 3), date(2019, 2, 4),
    date(2019, 2, 5), date(2019, 2, 6), date(2019, 2, 7), date(2021, 5, 1), date(2022, 7, 4),
]  # fmt: skip
days = st.sampled_from(POOL)
maybe_day = st.none() | days
bounds = st.tuples(maybe_day, maybe_day).map(lambda pair: pair if None in pair else tuple(sorted(pair)))
collectives = st.one_of(
    st.just(Dated.never()),
    days.map(Dated.on),
    bounds.map(lambda pair: Dated(*pair)),
)
papers = st.none() | bounds
signatures = st.none() | st.fixed_dictionaries(
    {"head": st.booleans(), "chief": st.booleans(), "head_on": maybe_day, "chief_on": maybe_day}
)
stints = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["original", "original", "new"]),
        "attested_on": maybe_day,
        "attested_by": st.sampled_from(["", "", "a page without a date"]),
        "approval": papers,
        "execution": signatures,
        "amended_approval": papers,
        "amended_execution": signatures,
        "board_approved_on": maybe_day,
        "dues_required": st.booleans(),
        "dues_paid_on": maybe_day,
        "withdrawn_on": maybe_day,
        "terminated_on": maybe_day,
        "settlement": st.sampled_from(["", "", "remains", "ended"]),
        "settled_on": days,
        "suspension": st.none() | st.tuples(days, maybe_day),
    }
)
applications = st.none() | st.fixed_dictionaries(
    {
        "letter_on": days,
        "decision": st.sampled_from(["", "disapproved", "taken_back", "approved"]),
        "decided_on": days,
        "out_of_order": st.booleans(),
        "leads_to": st.booleans(),
    }
)
notices = st.none() | st.tuples(
    days, st.sampled_from([date(2019, 5, 1), date(2022, 5, 1), date(2023, 5, 1)]), maybe_day
)
histories = st.fixed_dictionaries(
    {"stints": st.lists(stints, max_size=3), "application": applications, "notice": notices}
)


def approve(agency, agreement, between):
    approval = Approval.objects.create(agency=agency, agreement=agreement, kind="ordinance")
    ApprovalDate.objects.create(approval=approval, event="adopted", not_before_on=between[0], not_after_on=between[1])
    return approval


def execute(agency, agreement, signed):
    return Execution.objects.create(
        agency=agency,
        agreement=agreement,
        head_signed=signed["head"],
        chief_signed=signed["chief"],
        head_signed_on=signed["head_on"] if signed["head"] else None,
        chief_signed_on=signed["chief_on"] if signed["chief"] else None,
    )


def record(history):
    """The drawn history as rows."""
    original, amended = AgreementVersion.objects.get(edition="original"), AgreementVersion.objects.amended()
    agency = Agency.objects.create(name="Larkfield Police Department")
    rows = []
    for number, drawn in enumerate(history["stints"], start=1):
        if drawn["path"] == "new":
            drawn = {**drawn, "settlement": ""}
        began_by = original if drawn["path"] == "original" else amended
        row = Participation.objects.create(
            agency=agency,
            number=number,
            approval=drawn["approval"] and approve(agency, began_by, drawn["approval"]),
            execution=drawn["execution"] and execute(agency, began_by, drawn["execution"]),
            amended_approval=drawn["amended_approval"] and approve(agency, amended, drawn["amended_approval"]),
            amended_execution=drawn["amended_execution"] and execute(agency, amended, drawn["amended_execution"]),
            settled_on=drawn["settled_on"] if drawn["settlement"] else None,
            settled_because="the Board so decided" if drawn["settlement"] else "",
            **{name: drawn[name] for name in PLAIN},
        )
        if drawn["suspension"] and (drawn["suspension"][1] is None or drawn["suspension"][1] > drawn["suspension"][0]):
            first, back = drawn["suspension"]
            Proceeding.objects.create(
                participation=row, ground="detriment", opened_on=first, reason="-", outcome="suspended",
                decided_on=first, effective_on=first, suspended_until_on=back,
            )  # fmt: skip
        rows.append(row)
    if (drawn := history["application"]) is not None and drawn["decided_on"] >= drawn["letter_on"]:
        Application.objects.create(
            agency=agency,
            letter_on=drawn["letter_on"],
            decision=drawn["decision"],
            decided_on=drawn["decided_on"] if drawn["decision"] else None,
            out_of_order=drawn["out_of_order"],
            participation=rows[-1] if rows and rows[-1].path == "new" and drawn["leads_to"] else None,
        )
    if rows and (drawn := history["notice"]) is not None and drawn[0] < drawn[1]:
        received, effective, rescinded = drawn
        keep = rescinded is not None and received <= rescinded < effective
        TerminationNotice.objects.create(
            participation=rows[-1],
            received_on=received,
            effective_on=effective,
            rescinded_on=rescinded if keep else None,
        )
    return agency


PLAIN = (
    "path",
    "attested_on",
    "attested_by",
    "board_approved_on",
    "dues_required",
    "dues_paid_on",
    "withdrawn_on",
    "terminated_on",
    "settlement",
)


@given(history=histories, collective=collectives)
@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_sql_and_rules_give_every_agency_and_stint_the_same_status_on_every_day(history, collective):
    with transaction.atomic():
        agency = record(history)
        adoption = Adoption(AgreementVersion.objects.amended().terms, collective)
        participations = list(agency.participations.order_by("number"))
        stints = [row.stint for row in participations]
        requests = [row.request for row in agency.applications.all()]
        given_notices = [row.notice for row in TerminationNotice.objects.filter(participation__agency=agency)]
        for day in POOL:
            in_sql = Participation.objects.filter(agency=agency).with_status_on(day, adoption).order_by("number")
            by_rule = [standing.status_of_stint(stint, adoption, day) for stint in stints]
            assert [row.status for row in in_sql] == [status and status.value for status in by_rule], day
            row = Agency.objects.with_status_on(day, adoption).get(pk=agency.pk)
            assert Agency.objects.active_on(day, adoption).filter(pk=agency.pk).exists() is (row.status == "active"), (
                day
            )
            assert row.status == standing.status_on(stints, requests, adoption, day).value, day
            assert row.applying == standing.applying_on(requests, day), day
            running = notice_pending(day, given_notices)
            assert row.notice_ends_on == (running and running.effective_on), day
        transaction.set_rollback(True)
