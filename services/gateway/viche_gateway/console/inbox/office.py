"""Who may do what with conversations, and who colleagues are."""

from collections.abc import Mapping, Sequence

from viche.identity.v1 import audit_pb2

from viche_chassis.errors import Code, DomainError
from viche_gateway.clients.trail import Trail
from viche_gateway.context import services
from viche_gateway.sessions import signed_in

ANSWER = frozenset({"press", "officer"})
HANDLE = frozenset({"press", "officer", "moderator"})
SET_UP = frozenset({"press", "operator"})


class Colleagues:
    """Officers of an authority; none are known while identity does not answer."""

    def __init__(self, authority_id: str) -> None:
        try:
            found = Trail(services().channels).officers_of(signed_in().access_token, authority_id)
        except DomainError:
            found = ()
        self._known: Mapping[bytes, audit_pb2.Officer] = {each.pseudonym: each for each in found}

    def name(self, pseudonym: bytes) -> str:
        """What a colleague is called; empty where that is not known."""
        found = self._known.get(pseudonym)
        return (found.name or found.email) if found else ""

    def able(self, besides: bytes = b"") -> Sequence[tuple[str, str]]:
        """Colleagues to whom a conversation can be given, by name, each by the pseudonym in hexadecimal digits.

        Args:
            besides: who is on it already.
        """
        left = {besides, self.mine()}
        found = [each for id, each in self._known.items() if id not in left and HANDLE & set(each.roles)]
        named = [(each.pseudonym.hex(), each.name or each.email) for each in found if each.name or each.email]
        return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))

    def mine(self) -> bytes:
        """The pseudonym of the officer who asks; empty where it is not known."""
        email = signed_in().person.email
        return next((each.pseudonym for each in self._known.values() if email and each.email == email), b"")


def reraise(error: DomainError) -> None:
    """Lets through what belongs on a page of its own: the service is down, it is not there, no role for it."""
    if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.UNAUTHENTICATED):
        raise error
