"""The eleven seats, and the versions of the bylaws with the figures of 2018 (their text is loaded by the body)."""

from datetime import date

from django.db import migrations
from django.utils import timezone

SEATS = ["president", "vice_president", "secretary", "treasurer", "past_president"]
AT_LARGE = 6
# Of the versions before 2018 the register holds no copy: only the days on which they were adopted are known.
EARLIER = [
    date(1988, 3, 23),
    date(1991, 3, 21),
    date(1992, 4, 17),
    date(1994, 5, 11),
    date(1998, 5, 20),
    date(2009, 5, 20),
]
# decision, "more than" or "at least", share, counted on
THRESHOLDS = [
    ("board", True, 1, 2, "entitled"),
    ("assembly", True, 1, 2, "present"),
    ("removal", False, 2, 3, "entitled"),
    ("amendment", True, 1, 2, "present"),
    ("objection", True, 1, 2, "present"),
    ("dissolution", False, 3, 4, "entitled"),
    ("election", True, 1, 2, "cast"),
]


def fill(apps, schema_editor):
    for office in SEATS:
        keep(apps, "Seat", office=office, number=1)
    for number in range(1, AT_LARGE + 1):
        keep(apps, "Seat", office="at_large", number=number)
    for day in EARLIER:
        keep(
            apps,
            "BylawsVersion",
            title=f"Bylaws of {day.year}",
            adopted_on=day,
            state="known",
            in_force_on=day,
            terms_known=False,
            source="Head of the 2018 draft",
        )
    version = keep(
        apps, "BylawsVersion", title="Amended bylaws of 2018", state="not_yet", source="The draft of 2018, dates blank"
    )
    for decision, exceeds, numerator, denominator, base in THRESHOLDS:
        keep(
            apps,
            "DecisionThreshold",
            bylaws_id=version.pk,
            decision=decision,
            exceeds=exceeds,
            numerator=numerator,
            denominator=denominator,
            base=base,
        )


def keep(apps, model, **values):
    """The row and its first history entry: records written here have a past like any other."""
    row = apps.get_model("board", model).objects.create(**values)
    history = apps.get_model("board", f"Historical{model}")
    known = {field.attname for field in history._meta.concrete_fields}
    history.objects.create(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname in known},
        history_date=timezone.now(),  # noqa: TID251 - the moment of this migration
        history_type="+",
        history_change_reason="Present from the start",
    )
    return row


class Migration(migrations.Migration):
    dependencies = [("board", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
