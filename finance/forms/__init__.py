"""The forms of the Treasurer's acts and records."""
