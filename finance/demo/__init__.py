"""The Treasurer's part of the demonstration register: ten fiscal years, the same ones every time."""
