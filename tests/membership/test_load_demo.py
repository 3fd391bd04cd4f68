"""Loading the demonstration: the same register every time, into an empty one only, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from io import StringIO
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from simple_history.models import HistoricalChanges

from membership.demo import load as loading
from membership.models import Agency, Representative
from tests.demonstration import sweep
from tests.membership.conftest import KEYS

ROOMS = ("membership", "board")


def digest():
    """A digest of all that the demonstration wrote, without keys, without who signs in and who wrote it when.

    Links between records have no order: Django writes those of one record in the order of a set of keys.
    """
    said = {}
    kinds = [kind for room in ROOMS for kind in apps.get_app_config(room).get_models(include_auto_created=True)]
    kinds = [
        model
        for model in kinds
        if not issubclass(model, HistoricalChanges)
        and "historical" not in model._meta.model_name
        and model is not Representative
    ]
    order = {
        model: {pk: n for n, pk in enumerate(model._base_manager.order_by("pk").values_list("pk", flat=True))}
        for model in kinds
    }
    for model in kinds:
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        said[model._meta.label] = [
            [
                order[field.related_model].get(field.value_from_object(row), "outside")
                if field.related_model in order and field.value_from_object(row) is not None
                else str(field.value_from_object(row))
                for field in fields
            ]
            for row in model._base_manager.order_by("pk")
        ]
        if model._meta.auto_created:
            said[model._meta.label].sort()
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@pytest.fixture(scope="class")
def loaded(load_demonstration, django_db_blocker):
    """Loaded by the command in 2031, with its users: what it said, and the digests of 2026 and of then."""
    said = StringIO()
    with django_db_blocker.unblock():
        with transaction.atomic():
            load_demonstration()
            digest_of_2026 = digest()
            transaction.set_rollback(True)
        sweep()
        with transaction.atomic():
            with patch("django.utils.timezone.now", return_value=datetime(2031, 5, 1, 3, tzinfo=UTC)):
                call_command("load_demo", with_users="prairie lantern 1905", stdout=said)
            yield said.getvalue(), digest_of_2026, digest()
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_register_with_agencies_is_left_alone():
    Agency.objects.create(name="Oldtown Police Department")
    with pytest.raises(CommandError, match="already holds 1 agency,"):
        call_command("load_demo", stdout=StringIO())
    assert list(Agency.objects.values_list("name", flat=True)) == ["Oldtown Police Department"]
    with pytest.raises(ValidationError, match="Nothing was written"):
        loading.load()


@pytest.mark.django_db
def test_a_weak_password_is_refused_before_anything_is_written():
    with pytest.raises(CommandError, match="password"):
        call_command("load_demo", with_users="1234", stdout=StringIO())
    assert not Agency.objects.exists()
    assert not get_user_model().objects.exists()


@pytest.mark.django_db
class TestTheCommand:
    def test_two_loadings_years_apart_write_the_same_register(self, loaded):
        _, digest_of_2026, digest_of_2031 = loaded
        assert digest_of_2026 == digest_of_2031

    def test_one_user_for_each_role_can_sign_in_and_the_representative_is_larkfields(self, loaded):
        said, _, _ = loaded
        users = get_user_model().objects
        assert {(user.username, *user.roles) for user in users.filter(is_active=True)} == {
            ("demo-system-manager", "System Manager"),
            ("demo-secretary", "Secretary"),
            ("demo-treasurer", "Treasurer"),
            ("demo-board-member", "Board Member"),
            ("demo-auditor", "Auditor"),
            ("demo-team-coordinator", "Team Coordinator"),
            ("demo-telecommunicator", "Telecommunicator"),
            ("demo-agency-representative", "Agency Representative"),
        }
        assert all(
            user.is_staff and user.check_password("prairie lantern 1905") for user in users.filter(is_active=True)
        )
        assert not users.filter(is_superuser=True).exists()
        representative = users.get(username="demo-agency-representative").representative
        assert representative.agency.name == KEYS["Larkfield"]
        assert "105 invented agencies" in said
        assert "prairie lantern" not in said
