"""The outbox: papers sent by e-mail, each once, whatever happens to the worker or to the line.

A mail is queued under a key that says what it is for, so that asking twice queues once (``outbox.queue``). A worker
claims it, and only when that is committed does it ask the mail server (``sending``). A worker that dies in between
leaves behind a mail of which nobody knows whether it went out: it is never sent again by itself, a person decides.
"""
