"""The counties of Illinois, and the figures of the two agreements (their texts are loaded by the body)."""

from datetime import date

from django.db import migrations
from django.utils import timezone

COUNTIES = [
    "Adams",
    "Alexander",
    "Bond",
    "Boone",
    "Brown",
    "Bureau",
    "Calhoun",
    "Carroll",
    "Cass",
    "Champaign",
    "Christian",
    "Clark",
    "Clay",
    "Clinton",
    "Coles",
    "Cook",
    "Crawford",
    "Cumberland",
    "DeKalb",
    "De_Witt",
    "Douglas",
    "DuPage",
    "Edgar",
    "Edwards",
    "Effingham",
    "Fayette",
    "Ford",
    "Franklin",
    "Fulton",
    "Gallatin",
    "Greene",
    "Grundy",
    "Hamilton",
    "Hancock",
    "Hardin",
    "Henderson",
    "Henry",
    "Iroquois",
    "Jackson",
    "Jasper",
    "Jefferson",
    "Jersey",
    "Jo_Daviess",
    "Johnson",
    "Kane",
    "Kankakee",
    "Kendall",
    "Knox",
    "Lake",
    "LaSalle",
    "Lawrence",
    "Lee",
    "Livingston",
    "Logan",
    "Macon",
    "Macoupin",
    "Madison",
    "Marion",
    "Marshall",
    "Mason",
    "Massac",
    "McDonough",
    "McHenry",
    "McLean",
    "Menard",
    "Mercer",
    "Monroe",
    "Montgomery",
    "Morgan",
    "Moultrie",
    "Ogle",
    "Peoria",
    "Perry",
    "Piatt",
    "Pike",
    "Pope",
    "Pulaski",
    "Putnam",
    "Randolph",
    "Richland",
    "Rock_Island",
    "St._Clair",
    "Saline",
    "Sangamon",
    "Schuyler",
    "Scott",
    "Shelby",
    "Stark",
    "Stephenson",
    "Tazewell",
    "Union",
    "Vermilion",
    "Wabash",
    "Warren",
    "Washington",
    "Wayne",
    "White",
    "Whiteside",
    "Will",
    "Williamson",
    "Winnebago",
    "Woodford",
]


def seed(apps, schema_editor):
    County = apps.get_model("membership", "County")
    County.objects.bulk_create(County(name=name.replace("_", " ")) for name in COUNTIES)
    AgreementVersion = apps.get_model("membership", "AgreementVersion")
    original = AgreementVersion.objects.create(
        edition="original", title="Mutual Aid Agreement and Plan of 1983", original_before_on=date(2018, 5, 1)
    )
    AgreementVersion.objects.create(
        edition="amended",
        title="Amended Mutual Aid Agreement and Plan of 2018",
        original_before_on=date(2018, 5, 1),
        supersedes=original,
    )
    history = apps.get_model("membership", "HistoricalAgreementVersion")
    columns = [field.attname for field in AgreementVersion._meta.concrete_fields]
    written_at = timezone.now()  # noqa: TID251 - history bears the moment it was written
    for row in AgreementVersion.objects.values(*columns):
        history.objects.create(history_date=written_at, history_type="+", history_change_reason="seeded", **row)


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
