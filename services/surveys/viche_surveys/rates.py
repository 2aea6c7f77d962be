"""How often people who are not signed in may answer, by the network that they come from."""

from viche_chassis.rates import Rule

ANSWERS = (Rule("answers-network-minute", 120, 60), Rule("answers-network-hour", 2_000, 3_600))
"""Answers to surveys that everybody may answer. A network may be that of a mobile operator, or of a library."""

DRAFTS = (Rule("drafts-network-hour", 3_000, 3_600),)
"""Answers that are begun page by page."""

UPLOADS = (Rule("answer-files-network-hour", 200, 3_600),)
"""Files of answers."""

UPLOAD_KILOBYTES = (Rule("answer-files-kilobytes-network-hour", 600_000, 3_600),)
"""What these files weigh together."""
