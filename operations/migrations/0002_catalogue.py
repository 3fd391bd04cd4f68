"""The catalogue that agencies fill in: people, vehicles, equipment and translators. The body changes it as it likes."""

from django.db import migrations
from django.utils import timezone

CATALOGUE = {
    "People": [
        ("Officers", "officer", "officers"),
        ("Supervisors", "supervisor", "supervisors"),
        ("Canine teams", "canine", "teams"),
        ("Negotiators", "negotiator", "negotiators"),
        ("Evidence technicians", "evidence-technician", "technicians"),
        ("Bicycle officers", "bicycle", "officers"),
        ("Dispatchers", "dispatcher", "dispatchers"),
    ],
    "Vehicles": [
        ("Marked squad cars", "squad", "cars"),
        ("Transport vans", "van", "vans"),
        ("Prisoner buses", "prisoner-bus", "buses"),
        ("Command vehicles", "command-vehicle", "vehicles"),
        ("Armored vehicles", "armored", "vehicles"),
        ("Boats", "boat", "boats"),
        ("All-terrain vehicles", "atv", "vehicles"),
    ],
    "Specialty equipment": [
        ("Drones with operator", "drone", "teams"),
        ("Thermal imagers", "thermal", "imagers"),
        ("Light towers", "light-tower", "towers"),
        ("Barricades", "barricade", "sections"),
        ("Portable radios, caged", "radio", "radios"),
        ("Variable message signs", "message-sign", "signs"),
    ],
    "Translators": [
        ("Spanish", "translator-es", "translators"),
        ("Polish", "translator-pl", "translators"),
        ("Russian", "translator-ru", "translators"),
        ("Arabic", "translator-ar", "translators"),
        ("Korean", "translator-ko", "translators"),
        ("Sign language", "translator-asl", "translators"),
    ],
}


def fill(apps, schema_editor):
    for position, (category, types) in enumerate(CATALOGUE.items(), 1):
        group = keep(apps, "ResourceCategory", name=category, position=position)
        for name, key, unit in types:
            label = f"Translators, {name}" if category == "Translators" else name
            keep(apps, "ResourceType", category_id=group.pk, name=label, key=key, unit=unit, on_pocket_card=True)


def keep(apps, model, **values):
    """The row and its first history entry: records written here have a past like any other."""
    row = apps.get_model("operations", model).objects.create(**values)
    history = apps.get_model("operations", f"Historical{model}")
    history.objects.create(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields},
        history_date=timezone.now(),  # noqa: TID251 - the moment of this migration
        history_type="+",
        history_change_reason="Present from the start",
    )
    return row


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
