"""Sign-in links: what they are bound to, and why one does not work."""

from viche_chassis.errors import Code, DomainError, FieldViolation, LinkExpired, invalid

LINK_LIFE_MINUTES = 30
LINK_KEPT_DAYS = 7  # so that an old link is told from an unknown one
HOME = "/"


class LinkUsed(DomainError):
    """The link has opened a session already."""

    code = Code.FAILED_PRECONDITION
    reason = "LINK_USED"


def return_path_violations(path: str) -> list[FieldViolation]:
    """Why a browser must not be sent to ``path`` after signing in.

    Only paths of this site: "//host" and "/\\host" leave it, and browsers drop tabs and line ends (WHATWG URL, 4.4).
    """
    unsafe = path[1:2] in {"/", "\\"} or any(char < " " or char == "\x7f" for char in path)
    if path and (unsafe or not path.startswith("/")):
        return [invalid("return_path", "BAD_PATH")]
    return []


def refusal(*, used: bool) -> DomainError:
    """Why a known link could not be used."""
    return LinkUsed() if used else LinkExpired()
