"""The general fund, and the categories that a treasurer of such a body begins with."""

from django.db import migrations
from django.utils import timezone

RECEIPTS = (
    ("Annual dues", "annual"),
    ("Joining fees", "joining"),
    ("Team fees", "team"),
    ("Team fees to start", "team_start"),
    ("Earlier years", ""),
    ("Interest", ""),
    ("Grants and gifts", ""),
    ("Sale of property", ""),
    ("Other receipts", ""),
)
DISBURSEMENTS = (
    "Administration",
    "Equipment",
    "Insurance and bonds",
    "Meetings",
    "Professional services",
    "Refunds of expenses",
    "Training",
    "Vehicles",
)


def begin(apps, schema_editor):
    """Write them with their history, as every record is written."""
    for name, rows in (
        ("Fund", [{"name": "General fund"}]),
        ("Category", [{"name": name, "flow": "receipt", "charge": charge} for name, charge in RECEIPTS]),
        ("Category", [{"name": name, "flow": "disbursement"} for name in DISBURSEMENTS]),
    ):
        _keep(apps, name, rows)


def _keep(apps, name, rows):
    model, history = apps.get_model("finance", name), apps.get_model("finance", f"Historical{name}")
    for values in rows:
        row = model.objects.create(**values)
        kept = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        history.objects.create(
            **kept,
            history_date=timezone.now(),  # noqa: TID251 - the moment of this migration
            history_type="+",
            history_change_reason="Present from the start",
        )


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
