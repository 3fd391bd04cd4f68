"""What agencies hold: recorded, corrected, confirmed on a schedule."""

from datetime import date, timedelta

import pytest

from operations import services
from operations.models import Resource
from tests.board import factories as board
from tests.operations import factories as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


def record(of, on=DAY, **known):
    known = {"what": make.kind(), "quantity": 3, "deployable": 1, **known}
    return services.record_resource(agency=of, on=on, by=make.person(), **known)


def seen(of):
    return services.figures_of(Resource.objects.filter(agency=of).order_by("pk"))


def test_recording_a_second_time_corrects_the_first(bylaws):
    of = make.agency()
    first = record(of)
    second = record(of, quantity=5, deployable=2, note="One in training", on=DAY + timedelta(days=1))
    assert second.pk == first.pk
    assert (second.quantity, second.deployable, second.confirmed_on) == (5, 2, DAY + timedelta(days=1))
    assert Resource.history.filter(id=first.pk).count() == 2


@pytest.mark.parametrize(
    ("known", "words"),
    [
        pytest.param({"quantity": -1}, "greater than or equal to 0", id="fewer than none"),
        pytest.param({"deployable": -1}, "greater than or equal to 0", id="fewer than none to deploy"),
        pytest.param({"deployable": 4}, "No more can be deployed than the agency has", id="more than it has"),
        pytest.param({"quantity": 10_001}, "No agency has more than 10,000", id="more than anybody has"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(known, words, bylaws, said):
    assert words in said(record, make.agency(), **known)


def test_a_retired_type_is_refused_from_its_day_but_what_is_recorded_of_it_may_be_corrected(bylaws, said):
    of, what = make.agency(), make.kind()
    what.retired_on = DAY
    what.save()
    assert "no longer in the catalogue" in said(record, of, what=what)
    row = record(of, what=what, on=DAY - timedelta(days=1))
    assert record(of, what=what, quantity=9).pk == row.pk


def test_a_later_confirmation_is_not_undone_by_an_earlier_one(bylaws, said):
    of = make.agency()
    record(of)
    before = DAY - timedelta(days=1)
    assert "later day is on record" in said(record, of, on=before)
    assert "later day is on record" in said(
        services.confirm_unchanged, agency=of, on=before, by=make.person(), seen=seen(of)
    )


def test_everything_is_confirmed_unchanged_in_one_press_with_its_history(bylaws):
    of, other = make.agency(), make.agency()
    for row in (of, other):
        make.holds(row, key="canine", on=None)
        make.holds(row, 4, key="squad", on=date(2025, 1, 1))
    assert services.confirm_unchanged(agency=of, on=DAY, by=make.person(), seen=seen(of)) == 2
    assert set(Resource.objects.filter(agency=of).values_list("confirmed_on", flat=True)) == {DAY}
    assert DAY not in Resource.objects.filter(agency=other).values_list("confirmed_on", flat=True)
    assert set(Resource.history.filter(agency=of).values_list("history_change_reason", flat=True)) >= {
        "Confirmed, nothing changed"
    }


@pytest.mark.parametrize("change", [{"quantity": 4}, {"deployable": 2}, {"note": "One in training"}], ids=str)
def test_what_somebody_changed_meanwhile_is_not_confirmed_unseen(change, bylaws, said):
    of = make.agency()
    record(of)
    before = seen(of)
    record(of, **change)
    assert "changed a figure" in said(services.confirm_unchanged, agency=of, on=DAY, by=make.person(), seen=before)
    assert services.confirm_unchanged(agency=of, on=DAY, by=make.person(), seen=seen(of)) == 1


def test_nothing_recorded_is_nothing_to_confirm(bylaws, said):
    assert "enter first" in said(services.confirm_unchanged, agency=make.agency(), on=DAY, by=make.person(), seen="")


def test_the_stalest_agency_is_to_be_confirmed_first_and_who_never_recorded_anything_last(
    bylaws, django_assert_num_queries
):
    fresh, due, stale, never, gone, silent = (make.agency() for _agency in range(6))
    for row, on in ((fresh, DAY), (due, date(2026, 3, 1)), (stale, date(2026, 2, 16)), (never, None), (gone, None)):
        make.holds(row, on=on)
    board.suspended(gone, DAY)
    with django_assert_num_queries(6):
        found = services.to_confirm(DAY)
    assert [(row.agency, row.stale, row.due, row.oldest_on) for row in found] == [
        (never, 1, 0, None), (stale, 1, 0, date(2026, 2, 16)), (due, 0, 1, date(2026, 3, 1)),
        (silent, 0, 0, None),
    ]  # fmt: skip
    assert [row.agency for row in services.to_confirm(DAY, [gone.pk])] == [gone]
