"""Nothing is written to a record without history, by whatever way Django offers."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from board.models import BylawsVersion
from membership.models import Agency, County, Official
from nipas_admin.shared.records import LeavesNoHistory
from tests.nipas_admin.conftest import person

pytestmark = pytest.mark.django_db

BACK_DOORS = {
    "update on the manager": lambda row: Agency.objects.update(city="X"),
    "update on a filtered queryset": lambda row: Agency.objects.filter(pk=row.pk).update(city="X"),
    "update on the base manager": lambda row: Agency._base_manager.update(city="X"),
    "bulk_update": lambda row: Agency.objects.bulk_update([row], ["city"]),
    "bulk_create": lambda row: Agency.objects.bulk_create([Agency(name="New")]),
    "bulk_create that updates on conflict": lambda row: Agency.objects.bulk_create(
        [Agency(name="New")], update_conflicts=True, unique_fields=["id"], update_fields=["city"]
    ),
    "delete of a queryset": lambda row: Agency.objects.filter(pk=row.pk).delete(),
    "delete of a row": lambda row: row.delete(),
    "delete through a related manager": lambda row: row.officials.all().delete(),
    "update through a related manager": lambda row: row.officials.update(name="X"),
    "add to a related manager": lambda row: row.officials.add(Official.objects.get()),
    "set of a related manager": lambda row: row.officials.set(Official.objects.all()),
    "many-to-many add from the far side": lambda row: County.objects.get(name="Lake").agencies.add(row),
    "many-to-many clear from the far side": lambda row: County.objects.get(name="Cook").agencies.clear(),
    "many-to-many set from the far side": lambda row: County.objects.get(name="Cook").agencies.set([]),
}


@pytest.mark.parametrize("write", BACK_DOORS.values(), ids=BACK_DOORS)
def test_a_way_of_writing_that_history_would_not_see_is_refused_and_changes_nothing(write, ours, their_chief):
    ours.counties.add(County.objects.get(name="Cook"))
    before = (
        Agency.history.count(),
        Official.history.count(),
        list(Agency.objects.values()),
        list(Official.objects.values()),
    )

    with pytest.raises(LeavesNoHistory), transaction.atomic():
        write(ours)

    after = (
        Agency.history.count(),
        Official.history.count(),
        list(Agency.objects.values()),
        list(Official.objects.values()),
    )
    assert after == before
    assert [county.name for county in ours.counties.all()] == ["Cook"]


def test_a_refusal_names_the_door_to_use():
    with pytest.raises(LeavesNoHistory, match="update_with_history"):
        Agency.objects.update(city="X")
    with pytest.raises(LeavesNoHistory, match="bulk_create_with_history"):
        Agency.objects.bulk_create([])


def test_rows_created_in_bulk_each_have_their_history():
    created = Agency.objects.bulk_create_with_history(
        [Agency(name="One"), Agency(name="Two")], reason="From the old list"
    )

    assert [(row.history.count(), row.history.get().history_type) for row in created] == [(1, "+"), (1, "+")]
    assert {entry.history_change_reason for entry in Agency.history.all()} == {"From the old list"}


@pytest.mark.parametrize("model", [Agency, Official], ids=["with many-to-many fields", "without"])
def test_rows_updated_in_bulk_each_have_their_history(model, our_chief):
    row = model.objects.get()

    assert model.objects.update_with_history(reason="Moved", telephone="847 555 0100") == 1

    latest = row.history.first()
    assert (latest.history_type, latest.telephone, latest.history_change_reason) == ("~", "847 555 0100", "Moved")


def test_history_of_a_bulk_update_keeps_the_many_to_many_rows(ours):
    ours.counties.set(County.objects.filter(name__in=["Cook", "Lake"]))

    Agency.objects.update_with_history(city="Elsewhere")

    assert {link.county.name for link in ours.history.first().counties.all()} == {"Cook", "Lake"}


def test_every_change_of_a_many_to_many_field_is_kept_without_being_told(ours):
    ours.counties.add(County.objects.get(name="Cook"))
    ours.counties.clear()

    kept = [sorted(link.county.name for link in entry.counties.all()) for entry in ours.history.all()]
    assert kept == [[], ["Cook"], []]


def test_no_flag_makes_a_save_skip_history(ours):
    ours.skip_history_when_saving = True
    ours.save()

    assert ours.history.count() == 2
    assert not hasattr(ours, "save_without_historical_record")


def test_a_reason_may_be_as_long_as_it_needs(ours):
    ours._change_reason = "because " * 100
    ours.save()

    assert len(ours.history.first().history_change_reason) == 800


def test_only_an_active_superuser_may_delete_and_history_keeps_it(ours, superuser, manager):
    key = ours.pk
    for user in (manager, person("former", is_superuser=True, is_active=False)):
        with pytest.raises(PermissionDenied):
            ours.delete_as(user)

    ours.delete_as(superuser)

    last = Agency.history.filter(id=key).first()
    assert (last.history_type, last.history_user, last.name) == ("-", superuser, "Ashbury Police Department")


def test_what_others_point_to_is_not_deleted_even_by_a_superuser(our_chief, superuser):
    with pytest.raises(models.ProtectedError):
        our_chief.agency.delete_as(superuser)

    assert Agency.objects.count() == 1


def test_a_person_whose_name_stands_in_history_cannot_be_deleted(ours, manager):
    ours._history_user = manager
    ours.save()

    with pytest.raises(models.ProtectedError):
        manager.delete()


def test_the_version_of_a_row_moves_with_every_save(ours):
    first = ours.version
    ours.save()

    assert Agency(name="Unsaved").version is None
    assert ours.version > first


def test_django_itself_can_still_save_get_and_create(ours):
    same, created = Agency.objects.get_or_create(name=ours.name)
    assert (same, created) == (ours, False)
    changed, created = Agency.objects.update_or_create(name=ours.name, defaults={"city": "Moved"})
    assert (changed.history.count(), created) == (2, False)


def test_check_constraints_are_asked_in_one_query_and_one_that_fails_still_says_which():
    version = BylawsVersion.objects.get(adopted_on=date(2009, 5, 20))
    assert sum(isinstance(one, models.CheckConstraint) for one in version._meta.constraints) > 1
    with CaptureQueriesContext(connection) as asked:
        version.full_clean()
    assert sum("_check" in query["sql"] for query in asked) == 1
    version.not_before_on, version.not_after_on = date(2009, 5, 2), date(2009, 5, 1)
    with pytest.raises(ValidationError, match="The latest possible day cannot come before the earliest"):
        version.full_clean()


def test_a_related_row_that_is_not_at_hand_is_looked_up(our_chief):
    chief = Official.objects.get(pk=our_chief.pk)
    chief.agency_id = 999_999_999
    with pytest.raises(ValidationError, match="999999999"):
        chief.full_clean()
