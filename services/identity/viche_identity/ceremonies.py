"""The two ceremonies of W3C Web Authentication: what the browser is asked for, and whether its answer holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from viche_chassis.relying_party import RelyingParty
from viche_identity.domain.passkeys import CHALLENGE_LIFE_MINUTES, PasskeyRefused, PasskeyUnverified
from viche_identity.store.passkeys import Credential

TIMEOUT_MS = CHALLENGE_LIFE_MINUTES * 60_000
LONGEST_CREDENTIAL_ID = 1023  # bytes (WebAuthn Level 3, 7.1, step 25)
# what the library lets through of bytes that are no answer at all, beside exceptions of its own
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class User:
    """For whom a passkey is made; ``name`` tells accounts apart in the browser's list."""

    handle: bytes
    name: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was made; ``public_key`` in the format of COSE."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that was used; ``is_verified`` where the authenticator has checked by whom."""

    sign_count: int
    is_verified: bool


class Ceremonies:
    """Options and checks for one relying party, shown to people as ``name``."""

    def __init__(self, party: RelyingParty, name: str) -> None:
        self._party = party
        self._name = name

    def creation_options(self, challenge: bytes, user: User, held: Sequence[Credential], *, must_verify: bool) -> str:
        """What the browser needs to make a passkey that signs in by itself, on another authenticator than ``held``."""
        options = generate_registration_options(
            rp_id=self._party.id,
            rp_name=self._name,
            user_id=user.handle,
            user_name=user.name or self._name,  # the library takes no empty one
            user_display_name=user.display_name or self._name,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_verification(must_verify)
            ),
            exclude_credentials=_descriptors(held),
        )
        return options_to_json(options)

    def request_options(self, challenge: bytes, held: Sequence[Credential], *, must_verify: bool) -> str:
        """What the browser needs to use one of ``held``, or any passkey of the portal where there are none."""
        options = generate_authentication_options(
            rp_id=self._party.id,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            allow_credentials=_descriptors(held),
            user_verification=_verification(must_verify),
        )
        return options_to_json(options)

    def check_made(self, challenge: bytes, credential: str, *, must_verify: bool) -> Made:
        """The passkey of a RegistrationResponseJSON.

        Raises:
            PasskeyRefused: it answers something else.
            PasskeyUnverified: the authenticator has not checked who the person is, and must.
        """
        try:
            answer = parse_registration_credential_json(credential)
            made = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
            )
        except _UNREADABLE as error:
            raise PasskeyRefused() from error
        if not 0 < len(made.credential_id) <= LONGEST_CREDENTIAL_ID:
            raise PasskeyRefused()
        if must_verify and not made.user_verified:
            raise PasskeyUnverified()
        transports = [each.value for each in answer.response.transports or ()]
        return Made(made.credential_id, made.credential_public_key, made.sign_count, transports)

    def check_used(self, challenge: bytes, answer: AuthenticationCredential, public_key: bytes) -> Used:
        """Whether an answer was made with the key.

        The library is not told the counter of before: it would judge it ahead of the signature, and whoever does not
        have the key could make a passkey look copied.

        Raises:
            PasskeyRefused: it was not.
        """
        try:
            used = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
            )
        except _UNREADABLE as error:
            raise PasskeyRefused() from error
        return Used(used.new_sign_count, used.user_verified)


def read_answer(credential: str) -> AuthenticationCredential:
    """An AuthenticationResponseJSON, not checked yet.

    Raises:
        PasskeyRefused: it is none.
    """
    try:
        return parse_authentication_credential_json(credential)
    except _UNREADABLE as error:
        raise PasskeyRefused() from error


def _verification(must: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if must else UserVerificationRequirement.PREFERRED


def _descriptors(held: Sequence[Credential]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=each.id, transports=[AuthenticatorTransport(name) for name in each.transports])
        for each in held
    ]
