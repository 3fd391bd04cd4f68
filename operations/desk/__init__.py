"""The alarm desk: from the call to the card on the screen, and every answer in one press."""
