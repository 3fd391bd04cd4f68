"""The forms of the Board's room: each act asks for what it needs, and shows what it would do."""
