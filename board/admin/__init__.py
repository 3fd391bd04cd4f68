"""The screens of the Board."""
