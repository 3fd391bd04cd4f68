"""The screens of the Treasurer's room."""
