"""The law of membership as pure functions: facts and terms in, a value or a Finding out.

No model, no clock, no database. Each function names its clauses (``cites``); docs/rules.md lists them all.
"""
