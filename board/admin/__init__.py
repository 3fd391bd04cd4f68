"""The screens of the Board's room."""
