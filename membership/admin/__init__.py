"""The screens of membership."""

from membership.admin import agencies, instruments, leaving, participation, teams

__all__ = ["agencies", "instruments", "leaving", "participation", "teams"]
