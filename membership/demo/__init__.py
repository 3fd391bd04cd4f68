"""The demonstration register: 105 invented agencies that show every status and every oddity of membership.

``places`` and ``people`` hold the names; ``adoption``, ``leaving`` and ``joining`` the stories, each entered in the
table ``stories.STORIES`` (agency: what it shows), which is also the agency's note; ``clerk`` is the hand that writes;
``load`` sets the order; ``users`` adds one user for each role; ``parts`` lets the rooms above add theirs.
"""
