"""The keystone: what SQL says of a day equals what the rules say, over random histories."""

from __future__ import annotations

from collections import defaultdict
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


def record(history, number):
    """The drawn history as rows of one agency."""
    original, amended = AgreementVersion.objects.get(edition="original"), AgreementVersion.objects.amended()
    agency = Agency.objects.create(name=f"Agency {number} Police Department")
    rows = []
    for stint_number, drawn in enumerate(history["stints"], start=1):
        if drawn["path"] == "new":
            drawn = {**drawn, "settlement": ""}
        began_by = original if drawn["path"] == "original" else amended
        row = Participation.objects.create(
            agency=agency,
            number=stint_number,
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


def facts_of(agency):
    """The recorded facts of an agency, as the rules read them."""
    stints = [row.stint for row in agency.participations.order_by("number")]
    requests = [row.request for row in agency.applications.all()]
    notices = [row.notice for row in TerminationNotice.objects.filter(participation__agency=agency)]
    return stints, requests, notices


def by_the_rules(facts, adoption, day):
    """What the rules say of the agency and each of its stints: status, applying, the notice that runs."""
    stints, requests, notices = facts
    of_stints = [standing.status_of_stint(stint, adoption, day) for stint in stints]
    running = notice_pending(day, notices)
    return (
        standing.status_on(stints, requests, adoption, day).value,
        standing.applying_on(requests, day),
        running and running.effective_on,
        [status and status.value for status in of_stints],
    )


def by_sql(adoption, day):
    """What SQL says of every agency on the day, by key: the same four answers."""
    of_stints = defaultdict(list)
    for row in Participation.objects.with_status_on(day, adoption).order_by("agency", "number"):
        of_stints[row.agency_id].append(row.status)
    active = set(Agency.objects.active_on(day, adoption).values_list("pk", flat=True))
    found = {}
    for row in Agency.objects.with_status_on(day, adoption):
        assert (row.pk in active) is (row.status == "active"), day
        found[row.pk] = (row.status, row.applying, row.notice_ends_on, of_stints[row.pk])
    return found


@given(drawn=st.lists(histories, min_size=3, max_size=8), collective=collectives)
@settings(
    max_examples=30,
    # No shrinking: a failure names its agency and day, and the histories drawn are printed whole.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_sql_and_rules_give_every_agency_and_stint_the_same_status_on_every_day(drawn, collective):
    with transaction.atomic():
        facts = {agency: facts_of(agency) for agency in map(record, drawn, range(len(drawn)))}
        adoption = Adoption(AgreementVersion.objects.amended().terms, collective)
        for day in POOL:
            in_sql = by_sql(adoption, day)
            for agency in facts:
                assert in_sql[agency.pk] == by_the_rules(facts[agency], adoption, day), (agency.name, day)
        transaction.set_rollback(True)
