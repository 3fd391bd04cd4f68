"""Who may do what: the table of roles, and that the database holds it exactly."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client

from membership.models import Agency
from nipas_admin.accounts import roles
from nipas_admin.accounts.models import User
from nipas_admin.accounts.roles import ROLES
from nipas_admin.accounts.sync import sync_roles
from nipas_admin.shared.records import Record
from tests.nipas_admin.conftest import client_of, person, text_of

pytestmark = pytest.mark.django_db

# One letter each: view, add, change, import, export, history.
MATRIX = {
    "membership.agency": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC v, TE v, AR v",
    "membership.official": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC v, TE v, AR v",
    "membership.approval": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC v, AR v",
    "membership.participation": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC v, AR v",
    "membership.terminationnotice": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC v, AR v",
    "membership.teamparticipation": "SM vacieh, SE vacie, TR ve, BM v, AU veh, TC vacie, TE v, AR v",
    "membership.insurancecertificate": "SM vacieh, SE vacie, TR vacie, BM v, AU veh, TC v, AR v",
    "board.officeterm": "SM vh, SE vacie, TR v, BM v, AU veh, TC v",
    "board.bylawsversion": "SM vh, SE vacie, TR v, BM v, AU veh, TC v",
    "board.meeting": "SM vh, SE vacie, TR v, BM v, AU veh, TC v",
    "board.vote": "SM vh, SE ve, TR v, BM v, AU veh, TC v",
    "board.attendance": "SM vh, SE ve, TR v, BM v, AU veh, TC v",
    "board.approvedminutes": "SM vh, SE ve, TR v, BM v, AU veh, TC v, AR v",
    "documents.paper": "SM vaceh, SE vacie, TR va, BM v, AU veh, TC va, AR v",
    "documents.outgoingmail": "SM vaceh, SE vacie, TR vac, BM v, AU veh",
    "finance.rate": "SM veh, SE v, TR vacie, BM v, AU veh",
    "finance.openingbalance": "SM veh, SE v, TR vacie, BM v, AU veh",
    "finance.fiscalyear": "SM veh, SE v, TR vaie, BM v, AU veh",
    "finance.invoicerun": "SM veh, SE v, TR vae, BM v, AU veh",
    "finance.invoice": "SM veh, SE v, TR vaie, BM v, AU veh, AR v",
    "finance.payment": "SM veh, SE v, TR vaie, BM v, AU veh",
    "finance.allocation": "SM veh, SE v, TR vae, BM v, AU veh",
    "finance.costrequest": "SM veh, SE v, TR vacie, BM v, AU veh, AR v",
    "finance.disbursement": "SM vaeh, SE v, TR vae, BM v, AU veh, TC va",
    "finance.disbursementreview": "SM vaeh, SE v, TR ve, BM v, AU veh, TC va",
    "accounts.user": "AU v",
    "auth.group": "AU v",
}
SHORT = {
    "SM": roles.SYSTEM_MANAGER,
    "SE": roles.SECRETARY,
    "TR": roles.TREASURER,
    "BM": roles.BOARD_MEMBER,
    "AU": roles.AUDITOR,
    "TC": roles.TEAM_COORDINATOR,
    "TE": roles.TELECOMMUNICATOR,
    "AR": roles.AGENCY_REPRESENTATIVE,
}
ACTIONS = {"v": "view", "a": "add", "c": "change", "i": "import", "e": "export"}


def table():
    for label, row in MATRIX.items():
        granted = dict(cell.strip().split(" ") for cell in row.split(","))
        for short, role in SHORT.items():
            yield pytest.param(label, role, granted.get(short, ""), id=f"{role} on {label}")


@pytest.mark.parametrize(("label", "role", "letters"), list(table()))
def test_a_role_may_do_with_a_record_exactly_what_the_table_says(label, role, letters):
    app, model = label.split(".")
    user = person("somebody", role)

    may = {letter for letter, action in ACTIONS.items() if user.has_perm(f"{app}.{action}_{model}")}
    may |= {"h"} if user.has_perm(f"{app}.view_historical{model}") else set()

    assert "".join(sorted(may)) == "".join(sorted(letters))


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_delete_anything_or_touch_history_or_accounts(role):
    held = Group.objects.get(name=role).permissions.values_list("codename", flat=True)

    assert not [codename for codename in held if codename.startswith("delete_")]
    assert not [codename for codename in held if "historical" in codename and not codename.startswith("view_")]
    assert not [codename for codename in held if codename in {"add_user", "change_user", "add_group", "change_group"}]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_a_superuser_may_delete_through_the_admin(role, ours):
    user = person(
        "somebody", role, may=("membership.delete_agency", "membership.view_agency", "membership.change_agency")
    )
    client = client_of(user)

    assert client.post(f"/membership/agency/{ours.pk}/delete/", {"post": "yes"}).status_code in {302, 403}
    selected = {"action": "delete_selected", "_selected_action": [str(ours.pk)], "post": "yes"}
    client.post("/membership/agency/", selected)

    assert Agency.objects.filter(pk=ours.pk).exists()


def test_a_superuser_may_and_history_keeps_it(ours, superuser):
    key = ours.pk

    assert client_of(superuser).post(f"/membership/agency/{key}/delete/", {"post": "yes"}).status_code == 302

    assert not Agency.objects.exists()
    last = Agency.history.filter(id=key).first()
    assert (last.history_type, last.history_user) == ("-", superuser)


def test_a_superuser_may_delete_several_and_each_leaves_history(ours, theirs, superuser):
    selected = {"action": "delete_selected", "_selected_action": [ours.pk, theirs.pk], "post": "yes"}

    client_of(superuser).post("/membership/agency/", selected)

    assert Agency.history.filter(history_type="-").count() == 2


def test_what_others_point_to_is_not_deleted_and_no_page_breaks(our_chief, superuser, monkeypatch):
    client, agency = client_of(superuser), our_chief.agency
    url = f"/membership/agency/{agency.pk}/delete/"

    assert "Cannot delete agency" in text_of(client.post(url, {"post": "yes"}))
    # Somebody adds the official after the page asked what would be deleted.
    monkeypatch.setattr("nipas_admin.shared.admin.RecordAdmin.get_deleted_objects", lambda *a: ([], {}, set(), []))
    page = client.post(url, {"post": "yes"}, follow=True)

    assert "Nothing was deleted, because other records point here, for example official “Ada Ash" in text_of(page)
    assert Agency.objects.filter(pk=agency.pk).exists()


def test_syncing_again_changes_nothing(capsys):
    assert all(synced.added == synced.removed == 0 for synced in sync_roles())
    call_command("sync_roles")
    assert capsys.readouterr().out.splitlines() == list(ROLES)


def test_syncing_takes_back_what_was_added_by_hand_and_gives_back_what_was_taken():
    group = Group.objects.get(name=roles.BOARD_MEMBER)
    stray = Permission.objects.get(codename="delete_agency")
    lost = Permission.objects.get(codename="view_agency")
    group.permissions.add(stray)
    group.permissions.remove(lost)

    synced = {each.role: each for each in sync_roles()}

    assert (synced[roles.BOARD_MEMBER].added, synced[roles.BOARD_MEMBER].removed) == (1, 1)
    assert str(synced[roles.BOARD_MEMBER]) == "Board Member: 1 added, 1 removed"
    assert stray not in group.permissions.all()
    assert lost in group.permissions.all()


def test_a_migrate_syncs_by_itself():
    Group.objects.get(name=roles.AUDITOR).permissions.clear()
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name=roles.AUDITOR).permissions.exists()


def test_every_record_can_be_granted_for_import_and_export():
    for model in apps.get_models():
        if issubclass(model, Record):
            for action in ("import", "export"):
                codename = f"{action}_{model._meta.model_name}"
                assert Permission.objects.filter(
                    content_type__app_label=model._meta.app_label, codename=codename
                ).exists()


def test_every_room_that_exists_is_in_the_table():
    rooms = {model._meta.app_label for model in apps.get_models() if issubclass(model, Record)}
    assert rooms <= set(roles.ROOMS)


# Accounts


def test_only_a_superuser_manages_accounts(superuser):
    everything = Permission.objects.filter(content_type__app_label__in=["accounts", "auth"])
    user = person("climber", roles.SYSTEM_MANAGER)
    user.user_permissions.set(everything)
    client = client_of(User.objects.get(pk=user.pk))
    before = list(User.objects.order_by("pk").values())

    codes = [
        client.post("/accounts/user/add/", {"username": "new", "password1": "x", "password2": "x"}).status_code,
        client.post(f"/accounts/user/{user.pk}/change/", {"username": "climber", "is_superuser": "on"}).status_code,
        client.post(f"/accounts/user/{superuser.pk}/password/", {"password1": "x", "password2": "x"}).status_code,
        client.post(f"/accounts/user/{superuser.pk}/delete/", {"post": "yes"}).status_code,
    ]

    assert codes == [403, 403, 403, 403]
    assert list(User.objects.order_by("pk").values()) == before


def test_an_auditor_reads_accounts_and_no_password(superuser):
    client = client_of(person("auditor", roles.AUDITOR))

    page = client.get(f"/accounts/user/{superuser.pk}/change/")

    assert "root" in text_of(page)
    assert superuser.password.split("$")[-1] not in page.content.decode()
    assert 'name="_save"' not in page.content.decode()


def add(client: Client, name: str, *role_names: str, **others: object):
    groups = [Group.objects.get(name=role).pk for role in role_names]
    password = {"usable_password": "true", "password1": "correct horse 47", "password2": "correct horse 47"}
    return client.post("/accounts/user/add/", {"username": name, "groups": groups, **password, **others})


def test_a_superuser_adds_a_person_with_a_role_who_then_signs_in(superuser):
    assert add(client_of(superuser), "dana", roles.TREASURER).status_code == 302

    client = Client()
    assert client.login(username="dana", password="correct horse 47")
    assert client.get("/membership/agency/").status_code == 200


def test_roles_of_the_office_and_of_an_agency_are_not_joined(superuser):
    page = add(client_of(superuser), "dana", roles.TREASURER, roles.AGENCY_REPRESENTATIVE)

    assert "Agency Representative cannot be joined with another role" in text_of(page)
    assert not User.objects.filter(username="dana").exists()


def test_an_account_cannot_be_given_permissions_by_hand(superuser):
    stray = Permission.objects.get(codename="delete_agency")
    add(client_of(superuser), "dana", roles.TREASURER, user_permissions=[stray.pk], is_superuser="on")
    dana = User.objects.get(username="dana")
    assert not dana.is_superuser

    client_of(superuser).post(
        f"/accounts/user/{dana.pk}/change/", {"username": "dana", "is_active": "on", "user_permissions": [stray.pk]}
    )

    assert not dana.user_permissions.exists()


@pytest.mark.parametrize(
    "sent", [{"is_active": "on"}, {"is_superuser": "on"}], ids=["no longer superuser", "switched off"]
)
def test_the_last_superuser_stays_one(sent, superuser):
    client = client_of(superuser)
    url = f"/accounts/user/{superuser.pk}/change/"

    page = client.post(url, {"username": "root", **sent})

    assert "This is the last account that can manage accounts" in text_of(page)
    User.objects.create_superuser("second", password="x")
    assert client.post(url, {"username": "root", **sent}).status_code == 302


def test_nobody_deletes_an_account_not_even_a_superuser(superuser):
    other = person("leaver", roles.SECRETARY)

    assert client_of(superuser).post(f"/accounts/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()
