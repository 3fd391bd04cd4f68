"""Membership's papers, printed.

``LETTERS`` names every kind of paper. For one of them::

    kind = LETTERS["agreement"]
    letter = kind.build(agency, day)              # the values, or ValidationError in words why it cannot be printed
    kind.filename(letter)                         # what the PDF is saved under
    print_letter("agreement", agency, day)        # the PDF's bytes; a preview, kept nowhere
    issue_letter("agreement", agency, day, user)  # printed under a register reference and filed for good: a Paper
    print_many("agreement", ids, day, user)       # a run outside the request: its Job ends in a ZIP file of PDFs

``kind.record`` is the model whose record it takes (``Agency``, ``TerminationNotice``), or None for a paper of the whole
register: then pass None. ``kind.permission`` is what a person needs to print it; which agencies that person may see is
for the caller to ask (``print_many`` does).
"""

from membership.letters.base import Letter, LetterKind
from membership.letters.registry import LETTERS, issue_letter, print_letter, print_many, register_builders

__all__ = ["LETTERS", "Letter", "LetterKind", "issue_letter", "print_letter", "print_many", "register_builders"]
