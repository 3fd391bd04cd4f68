"""The forms of membership: of records, and of legal acts."""
