"""What the start page says of membership: where we stand, what waits for a person, what is coming up."""

from __future__ import annotations

from nipas_admin.shared.startpage import Provider


class MembershipStart(Provider):
    """Agencies, papers and notices."""
