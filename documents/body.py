"""The body that keeps the register, as its papers name it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Body:
    """Name, short name and address lines for the letterhead; what is not set is left out there."""

    name: str
    short_name: str
    address: tuple[str, ...]
    phone: str
    email: str


def body() -> Body:
    """The body as the settings that begin with ``NIPAS_BODY_`` name it; ``…ADDRESS`` is a list of lines."""
    return Body(
        name=settings.NIPAS_BODY_NAME,
        short_name=getattr(settings, "NIPAS_BODY_SHORT_NAME", "NIPAS"),
        address=tuple(getattr(settings, "NIPAS_BODY_ADDRESS", ())),
        phone=getattr(settings, "NIPAS_BODY_PHONE", ""),
        email=getattr(settings, "NIPAS_BODY_EMAIL", ""),
    )
