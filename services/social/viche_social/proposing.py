"""What words say of a text: its language, what it is about, and its tone. Who is not sure says nothing."""

from viche_social.taking import Proposal


def propose(text: str, language: str) -> Proposal:
    """What can be said of a text.

    Args:
        text: as it was written.
        language: that the platform names (BCP 47); may be empty.
    """
    return Proposal(language=language.partition("-")[0].lower())
