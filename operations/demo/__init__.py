"""The part of mutual aid in the demonstration register, the same every time."""
