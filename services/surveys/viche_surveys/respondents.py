"""Who answered, so that a survey can take one answer per person, and so that a person can be forgotten.

In each survey a person is another pseudonym, that of the scope "survey:UUID". Erasing them needs something that is the
same in all: identity puts their pseudonym of the scope "answers" into those scope tokens, and into `PersonErased`. It
is never stored: rows are found by a keyed hash of it within one survey, which nobody without this service's key can
compare with another survey's.
"""

from uuid import UUID

from viche_chassis import base64url
from viche_chassis.sealing import KeyedIndex


class Respondents:
    """Makes the keys by which respondents are erased.

    Args:
        master_key: of this service, 32 bytes.
    """

    def __init__(self, master_key: bytes) -> None:
        self._index = KeyedIndex(master_key, "surveys/respondents/v1")

    def erased_by(self, survey_id: UUID, answers: bytes) -> bytes:
        """The key of a person in one survey, 32 bytes.

        Args:
            answers: their pseudonym of the scope "answers".
        """
        return self._index.of(base64url.encode(answers), within=survey_id.bytes)
