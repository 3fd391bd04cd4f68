"""What the room of mutual aid stores: as its acts wrote it, in order; changed behind their back, found."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from membership.verification import drift_of_other_rooms
from operations.models import Incident
from operations.verification import drift_of_mutual_aid
from tests.operations import factories as make

pytestmark = pytest.mark.django_db

# The second of two agencies that were asked for the first line, and the resource that is nobody's here.
SECOND = "id = (SELECT MAX(id) FROM operations_aid)"
OTHER = "(SELECT MAX(id) FROM operations_resource)"


@pytest.fixture
def night(bylaws):
    """A little of everything, in order: two incidents, one closed, an approved card, and a canine that went twice."""
    first, near, far = make.incident(), make.helper(3), make.helper(9, deployable=2)
    line = make.wants(first, 2)
    make.goes(make.ask(line, near), "accepted", "on_scene", "released")
    make.ask(line, far)
    second = make.incident(make.agency(1), make.at(5))
    make.goes(make.ask(make.wants(second), near, minute=10), "no_answer", minute=12)
    Incident.objects.filter(pk=second.pk).update_with_history(closed_at=make.at(20))
    make.card(make.agency(), (1, near, 1))
    make.holds(make.agency(), 5, "officer")


def found() -> list[str]:
    """What drifted, in words."""
    return [str(drift) for _name, _count, drifts in drift_of_mutual_aid() for drift in drifts]


def attack(*statements: str) -> None:
    """Change rows behind the back of everything."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount != 0, statement


def test_what_the_acts_wrote_is_in_order_and_verified_with_the_other_rooms(night):
    assert found() == []
    counts = {name: count for name, count, _drift in drift_of_mutual_aid()}
    assert counts == {"incidents": 2, "aid": 3, "resources of agencies": 3, "alarm cards": 1}
    assert counts.keys() <= {name for name, _count, _drift in drift_of_other_rooms()}


# What is changed, by which statement, and what is said of it.
ATTACKS = {
    "a gap in the numbers": (
        "UPDATE operations_incident SET number = 7 WHERE number = 2",
        "Incidents of 2026: 2 are on record, the last one number 7; numbers run from 1 to 7 with none missing.",
    ),
    "a closed incident that still holds an agency": (
        "UPDATE operations_incident SET closed_at = opened_at WHERE number = 1",
        "it is stored as closed on 16 August 2026, 18:00; ",
    ),
    "the stricken agency asked for aid": (
        "UPDATE operations_aid SET resource_id = NULL, agency_id = (SELECT MIN(stricken_id) FROM operations_incident) "
        "WHERE id = (SELECT MIN(id) FROM operations_aid)",
        "it is stored as asked for aid; it is the stricken agency itself (Agreement §2)",
    ),
    "what is held is of another agency and type": (
        f"UPDATE operations_aid SET resource_id = {OTHER} WHERE {SECOND}",
        "5 Officers”; it was asked of Agency",
    ),
    "what is held is of another type": (
        "UPDATE operations_resource SET type_id = (SELECT id FROM operations_resourcetype WHERE \"key\" = 'van') "
        "WHERE id = (SELECT MIN(id) FROM operations_resource)",
        "for Canine teams.",
    ),
    "an approved card without lines": (
        "DELETE FROM operations_alarmline",
        "it is stored as approved on 1 January 2026; it has no lines",
    ),
}  # fmt: skip


def test_what_was_changed_behind_the_acts_is_found(night):
    missed = {}
    for changed, (statement, line) in ATTACKS.items():
        with transaction.atomic():
            attack(statement)
            if not any(line in drift for drift in found()):
                missed[changed] = found()
            transaction.set_rollback(True)
    assert missed == {}


def test_an_agency_asked_twice_for_a_line_is_found(night):
    """The database refuses such a row: here a table without that rule stands before the real one."""
    columns = [field.column for field in make.Aid._meta.concrete_fields]
    copied = ", ".join(f'"{name}"' for name in columns)
    changed = ", ".join("1000" if name == "id" else f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE operations_aid_free AS SELECT * FROM operations_aid")
        cursor.execute(
            f"INSERT INTO operations_aid_free ({copied}) SELECT {changed} FROM operations_aid "
            "WHERE id = (SELECT MIN(id) FROM operations_aid)"
        )
        cursor.execute("ALTER TABLE operations_aid_free RENAME TO operations_aid")
    try:
        said = [one for one in found() if "it was asked again" in one]
        assert len(said) == 1
        assert said[0].endswith("on 16 August 2026, 18:01; an agency is asked once for one line.")
    finally:
        with connection.cursor() as cursor:
            space = "pg_temp" if connection.vendor == "postgresql" else "temp"
            cursor.execute(f"DROP TABLE {space}.operations_aid")


# --- What was held at one moment --------------------------------------------------------------------------------------


def remarks() -> list[str]:
    """What is worth knowing and nothing to mend."""
    drifts = [drift for _name, _count, drifts in drift_of_mutual_aid() for drift in drifts]
    assert all(drift.remark for drift in drifts)
    return [str(drift) for drift in drifts]


@pytest.mark.parametrize(
    ("moments", "times"),
    [
        pytest.param({}, 1, id="both held"),
        pytest.param({"released_at": make.at(9), "on_scene_at": make.at(8)}, 0, id="released before"),
        pytest.param({"released_at": make.at(10), "on_scene_at": make.at(8)}, 0, id="released at that moment"),
        pytest.param({"released_at": make.at(11), "on_scene_at": make.at(8)}, 1, id="released after"),
        pytest.param({"declined_at": make.at(9), "declined_because": "local"}, 0, id="declined before"),
        pytest.param({"called_off_at": make.at(9)}, 0, id="called off before"),
        pytest.param({"no_answer_at": make.at(9)}, 0, id="no answer before"),
        pytest.param(
            {"no_answer_at": make.at(9), "accepted_at": make.at(12)}, 1, id="no answer, accepted all the same"
        ),
    ],
)
def test_what_two_nights_held_at_once_of_the_last_one_is_a_remark(bylaws, moments, times):
    last = make.helper(4)
    first = make.ask(make.wants(make.incident()), last, minute=1)
    for name, moment in moments.items():
        setattr(first, name, moment)
    first.save()
    make.ask(make.wants(make.incident(make.agency(1))), last, minute=10, beyond=True)
    asked = make.Aid.objects.all()
    asked.update_with_history(beyond=True)
    assert remarks() == [], "on a person's word"
    asked.update_with_history(beyond=False)

    said = remarks()

    assert len(said) == times
    minute = 12 if "accepted_at" in moments else 10
    for one in said:
        assert f"2 were held at once on 16 August 2026, 18:{minute}; 1 could be deployed, as far as" in one


@pytest.mark.parametrize(
    ("lowered", "times"),
    [pytest.param(9, 1, id="lowered before"), pytest.param(10, 1, id="lowered at that moment"),
     pytest.param(11, 0, id="lowered afterwards")],
)  # fmt: skip
def test_what_could_be_deployed_at_that_moment_counts(bylaws, lowered, times):
    row = make.Resource(agency=make.agency(4), type=make.kind(), quantity=3, deployable=3, confirmed_on=make.DAY)
    row._history_date = make.at()
    row.save()
    make.ask(make.wants(make.incident(), 3), row.agency, 3, minute=10)
    row.deployable, row._history_date = 1, make.at(lowered)
    row.save()
    said = remarks()
    assert len(said) == times
    assert all("3 were held at once on 16 August 2026, 18:10; 1 could be deployed" in one for one in said)


def test_what_an_agency_had_then_and_has_no_more_is_no_remark(bylaws):
    helper = make.helper(4, deployable=3)
    make.ask(make.wants(make.incident(), 3), helper, 3)
    make.Resource.objects.filter(agency=helper).update_with_history(deployable=1)
    assert remarks() == []
