"""The Board's part of the demonstration register: its seats, its meetings and votes, its elections, its minutes.

``people`` says who sits when; ``stories`` is the table of the meetings, each with what it shows, which is also the
meeting's note; ``secretary`` is the hand that writes, through the same doors as the office; ``annual``, ``board2023``
to ``board2026`` and ``registers`` tell the stories; ``load`` sets the order, which is that of the calendar.
"""
