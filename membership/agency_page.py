"""What the rooms above show on the page of an agency: each registers its part in ``AppConfig.ready()``.

agency_page.register(FinancePart())
"""

from __future__ import annotations

from functools import partial

from nipas_admin.shared import parts as of_pages
from nipas_admin.shared.parts import Part as AgencyPart

AGENCY = "membership.Agency"

register = partial(of_pages.register, AGENCY)
parts = partial(of_pages.of, AGENCY)

__all__ = ["AgencyPart", "parts", "register"]
