"""The screens of the Board's room."""

from board.admin import bylaws, elections, meetings, minutes, motions, papers, registers, rolls, seats

__all__ = ["bylaws", "elections", "meetings", "minutes", "motions", "papers", "registers", "rolls", "seats"]
