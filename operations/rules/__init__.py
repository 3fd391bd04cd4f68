"""The rules of giving and asking aid: facts in; a value, None or a Finding out. Distances are miles."""
