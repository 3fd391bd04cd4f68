"""Agencies, the people who act for them, and who may sign in on their behalf."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower

from membership.models.fields import day, ends_after, once
from membership.querysets import AgencyQuerySet, OfficialQuerySet
from membership.rules import insurance, joining
from nipas_admin.shared.dated import in_words
from nipas_admin.shared.findings import Finding
from nipas_admin.shared.records import Record

ORI_OF_ILLINOIS = RegexValidator(
    r"^IL[0-9A-Z]{7}$",
    "An ORI of Illinois has nine characters and begins with IL, for example IL0561200. Only Illinois "
    "law-enforcement agencies may "
    "participate (Bylaws Art. III §3).",
)


class County(models.Model):
    """A county of Illinois."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "counties"

    def __str__(self) -> str:
        return self.name


class Agency(Record):
    """A law-enforcement agency and the public body it belongs to, whether or not it participates."""

    class Kind(models.TextChoices):
        """What sort of agency it is (Bylaws Art. III §3)."""

        MUNICIPAL = "municipal", "Municipal"
        COUNTY = "county", "County"
        COLLEGE = "university_college", "University or college"
        STATE = "state", "State"
        OTHER = "other", "Other"

    name = models.CharField(
        max_length=150, help_text="As it appears on the agreement, for example McHenry Police Department."
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MUNICIPAL)
    public_body = models.CharField(
        max_length=150,
        blank=True,
        help_text="The body whose corporate authorities act for it, for example City of McHenry.",
    )
    governing_body = models.CharField(
        "corporate authorities",
        max_length=150,
        blank=True,
        help_text="What its papers call them, for example Mayor and City Council.",
    )
    counties = models.ManyToManyField(County, blank=True, related_name="agencies")
    ori = models.CharField(
        "ORI",
        max_length=9,
        blank=True,
        validators=[ORI_OF_ILLINOIS],
        help_text="FBI agency identifier, nine characters, for example IL0561200.",
    )
    street = models.CharField("street address", max_length=150, blank=True)
    city = models.CharField(max_length=80, blank=True)
    zip_code = models.CharField(
        "ZIP code",
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(r"^\d{5}(-\d{4})?$", "A ZIP code has five digits, or five and four: 60050 or 60050-1234.")
        ],
    )
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees north, for example 42.333400.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees east; in Illinois negative, for example -88.266800.",
    )
    sworn_officers = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100_000, "No agency has more than 100,000 sworn officers; check the figure.")],
        help_text="Full-time sworn officers. Leave blank when not known; 0 means none.",
    )
    sworn_as_of = day("sworn officers as of")
    statute = models.CharField(
        "indemnifying statute",
        max_length=100,
        blank=True,
        help_text="The statute that indemnifies its officers (Agreement §3.F). Blank: the one for its kind.",
    )
    note = models.TextField(blank=True)

    _history_m2m_fields = [counties]
    objects: ClassVar = AgencyQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["name"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="agency_name_once",
                violation_error_message="An agency of this name is already in the register.",
            ),
            models.UniqueConstraint(
                fields=["ori"],
                condition=~models.Q(ori=""),
                name="agency_ori_once",
                violation_error_message="An agency with this ORI is already in the register.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="agency_both_coordinates",
                violation_error_message="Give both latitude and longitude, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Spelling only: the ORI in capitals, names without stray spaces."""
        self.ori = self.ori.strip().upper()
        self.name = " ".join(self.name.split())

    def eligible(self) -> Finding[bool]:
        """May it participate (Bylaws Art. III §3)? Not determined without an ORI."""
        return joining.eligible(self.ori)

    @property
    def indemnified_by(self) -> str:
        """The statute that indemnifies its officers (Agreement §3.F); blank when the agency must name its own."""
        return self.statute or insurance.indemnifying_statute(self.kind)

    @property
    def body_or_name(self) -> str:
        """The public body, or the agency itself where the body is not recorded."""
        return self.public_body or self.name


class Official(Record):
    """A person who acts for an agency in one capacity, from one day until another (the first day out)."""

    class Capacity(models.TextChoices):
        """In what capacity a person acts."""

        CHIEF = "chief", "Chief executive officer (commanding officer)"
        DESIGNEE = "designee", "Official designee"
        HEAD = "head", "Head of the corporate authorities"
        CLERK = "clerk", "Clerk"
        DUES = "dues", "Dues contact"
        TEAM_COORDINATOR = "team_coordinator", "Team coordinator"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="officials")
    name = models.CharField(max_length=120)
    title = models.CharField(
        max_length=80, blank=True, help_text="As it is signed: Chief of Police, Sheriff, Mayor, Village President."
    )
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    from_on = day("from", "First day in this capacity.")
    until_on = day("until", "First day no longer in it. Blank while it lasts.")
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)

    objects: ClassVar = OfficialQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["agency__name", "capacity", "-from_on", "name"]
        constraints = [
            ends_after(
                "from_on",
                "until_on",
                "official_ends_after_start",
                "The day the person left must come after the day the person began.",
            ),
            *once(
                ["agency", "name", "capacity"],
                "from_on",
                "official_once",
                "This person is already recorded in this capacity from this day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title or self.get_capacity_display()}"

    @property
    def in_full(self) -> str:
        """The person, the agency, and the day the person left the capacity, to choose by."""
        return f"{self}, {self.agency.name}" + (f", until {in_words(self.until_on)}" if self.until_on else "")

    def in_office_on(self, on: date) -> bool | None:
        """Did the person act in this capacity on the day? None when the days recorded do not settle it."""
        if self.until_on is not None and self.until_on <= on:
            return False
        return None if self.from_on is None else self.from_on <= on


class Representative(Record):
    """Who signs in for an agency: that person sees the rows of this agency only."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="representative")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="representatives")

    class Meta(Record.Meta):
        ordering = ["agency__name"]

    def __str__(self) -> str:
        return f"{self.user} for {self.agency}"


def agencies_of(user: Any) -> set[int]:
    """Primary keys of the agencies a signed-in person represents; empty for everyone else."""
    return set(Representative.objects.filter(user_id=user.pk).values_list("agency_id", flat=True))
