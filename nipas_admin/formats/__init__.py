"""How days and figures are read and written, in place of Django's own for a language."""
