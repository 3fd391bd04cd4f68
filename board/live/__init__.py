"""The pages on which a meeting is run and watched while it lasts."""
