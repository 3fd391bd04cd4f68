"""What the pages of mutual aid ask for."""
