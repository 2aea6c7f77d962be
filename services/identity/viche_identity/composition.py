"""Puts the servicers of identity together from its keys, its database and the way its events leave."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from viche.identity.v1 import (
    audit_pb2_grpc,
    notices_pb2_grpc,
    officers_pb2_grpc,
    partners_pb2_grpc,
    passkeys_pb2_grpc,
    privacy_pb2_grpc,
    providers_pb2_grpc,
)
from viche.identity.v1 import identity_pb2_grpc as grpc_names
from viche.identity.v1 import organisations_pb2_grpc as organisations_rpc

from viche_chassis.app import Register
from viche_chassis.common import read_key
from viche_chassis.config import ConfigError
from viche_chassis.db import Pool
from viche_chassis.rates import Rates
from viche_chassis.relying_party import relying_party
from viche_chassis.sealing import KeyedIndex, LinkTokens, Seal
from viche_chassis.tokens import InTurn, Signer, Verifier, load_signers, public_key_set, read_key_set
from viche_identity.addresses import Addresses
from viche_identity.audiences import Audiences
from viche_identity.ceremonies import Ceremonies
from viche_identity.config import Settings
from viche_identity.connections import Connections
from viche_identity.crypto import Pseudonyms
from viche_identity.erasing import Erasing
from viche_identity.organisations import Organisations
from viche_identity.passkeys import Passkeys
from viche_identity.providers.client import provider_clients
from viche_identity.providers.visit import VisitKeys
from viche_identity.records import PERSONAL_DATA, Records
from viche_identity.requests import Requests
from viche_identity.servicer.audiences import AudiencesServicer
from viche_identity.servicer.audit import AuditServicer
from viche_identity.servicer.authorities import AuthoritiesServicer
from viche_identity.servicer.notices import NoticesServicer
from viche_identity.servicer.officers import OfficersServicer
from viche_identity.servicer.organisations import OrganisationsServicer
from viche_identity.servicer.partners import PartnersServicer
from viche_identity.servicer.passkeys import PasskeysServicer
from viche_identity.servicer.people import PeopleServicer
from viche_identity.servicer.privacy import PrivacyServicer
from viche_identity.servicer.providers import ProvidersServicer
from viche_identity.servicer.roles import Roles
from viche_identity.servicer.sessions import SessionsServicer
from viche_identity.servicer.sign_in import SignInServicer
from viche_identity.servicer.tokens import KeysServicer, ScopeTokensServicer
from viche_identity.sign_in_links import SignInLinks
from viche_identity.tokens import AccessTokens, ScopeTokens
from viche_identity.visits import Visits


@dataclass(frozen=True, slots=True)
class Identity:
    """What identity serves, the verifier of its own tokens, and what it does beside."""

    register: list[Register]
    verifier: Verifier
    erasing: Erasing


@dataclass(frozen=True, slots=True)
class _Parts:
    """What several servicers share."""

    settings: Settings
    pool: Pool
    master_key: bytes
    signer: InTurn
    public_keys: str
    verifier: Verifier
    pseudonyms: Pseudonyms
    records: Records
    requests: Requests
    connections: Connections


def compose(settings: Settings, pool: Pool, wake: Callable[[], None]) -> Identity:
    """The servicers.

    Args:
        wake: tells the relay that an event waits.
    Raises:
        ConfigError: a key cannot be read.
    """
    parts = _parts(settings, pool)
    signer, keys = parts.signer, KeysServicer(parts.public_keys)
    sessions = SessionsServicer(
        pool, parts.records, AccessTokens(signer, parts.pseudonyms), settings.officer_session_hours
    )
    authorities = AuthoritiesServicer(pool, Roles(pool, parts.records, parts.requests, settings.languages[0]))
    scope_tokens = ScopeTokensServicer(ScopeTokens(signer, parts.verifier, parts.pseudonyms), pool, parts.records)
    audiences = AudiencesServicer(pool, parts.records, Audiences(pool, parts.pseudonyms))
    erasing = Erasing(pool, parts.pseudonyms, wake)
    audit = AuditServicer(pool, parts.records, parts.pseudonyms)
    register: list[Register] = [
        partial(grpc_names.add_SignInServiceServicer_to_server, _sign_in(parts, wake)),
        partial(grpc_names.add_SessionsServiceServicer_to_server, sessions),
        partial(grpc_names.add_PeopleServiceServicer_to_server, _people(parts)),
        partial(grpc_names.add_AuthoritiesServiceServicer_to_server, authorities),
        partial(grpc_names.add_ScopeTokensServiceServicer_to_server, scope_tokens),
        partial(grpc_names.add_AudiencesServiceServicer_to_server, audiences),
        partial(privacy_pb2_grpc.add_PrivacyServiceServicer_to_server, PrivacyServicer(pool, erasing)),
        partial(audit_pb2_grpc.add_AuditServiceServicer_to_server, audit),
        partial(notices_pb2_grpc.add_NoticesServiceServicer_to_server, NoticesServicer(pool, parts.requests)),
        partial(
            officers_pb2_grpc.add_OfficersServiceServicer_to_server,
            OfficersServicer(pool, parts.records, parts.pseudonyms),
        ),
        partial(partners_pb2_grpc.add_PartnersServiceServicer_to_server, _partners(parts)),
        partial(passkeys_pb2_grpc.add_PasskeysServiceServicer_to_server, PasskeysServicer(_passkeys(parts, wake))),
        partial(providers_pb2_grpc.add_ProvidersServiceServicer_to_server, _providers(parts, wake)),
        partial(organisations_rpc.add_OrganisationsServiceServicer_to_server, _organisations(parts, wake)),
        partial(grpc_names.add_KeysServiceServicer_to_server, keys),
    ]
    return Identity(register, parts.verifier, erasing)


def _parts(settings: Settings, pool: Pool) -> _Parts:
    master_key = read_key(settings.data_key)
    signers = _signers(settings)
    public_keys = public_key_set(signers)
    records = Records(Seal(master_key, PERSONAL_DATA), KeyedIndex(master_key, "identity/mailboxes/v1"))
    return _Parts(
        settings=settings,
        pool=pool,
        master_key=master_key,
        signer=InTurn(signers),
        public_keys=public_keys,
        verifier=Verifier(read_key_set(public_keys)),
        pseudonyms=Pseudonyms(master_key),
        records=records,
        requests=Requests(KeyedIndex(master_key, "identity/requests/v1")),
        connections=Connections(records, KeyedIndex(master_key, "identity/provider-subjects/v1")),
    )


def _sign_in(parts: _Parts, wake: Callable[[], None]) -> SignInServicer:
    return SignInServicer(
        parts.pool,
        parts.records,
        parts.requests,
        LinkTokens(parts.master_key, "identity/sign-in-links/v1"),
        _sign_in_links(parts),
        parts.connections,
        wake,
    )


def _people(parts: _Parts) -> PeopleServicer:
    return PeopleServicer(
        parts.pool,
        parts.records,
        parts.requests,
        parts.pseudonyms,
        parts.settings.languages,
        allow_direct_sessions=parts.settings.allow_direct_sessions,
    )


def _passkeys(parts: _Parts, wake: Callable[[], None]) -> Passkeys:
    party = relying_party(parts.settings.public_url)
    ceremonies = Ceremonies(party, parts.settings.region_name) if party else None
    return Passkeys(parts.pool, parts.records, _rates(parts), ceremonies, wake)


def _providers(parts: _Parts, wake: Callable[[], None]) -> ProvidersServicer:
    settings, sign_in_links = parts.settings, _sign_in_links(parts)
    visits = Visits(
        parts.pool,
        _rates(parts),
        provider_clients(settings.providers, settings.public_url),
        VisitKeys(parts.master_key),
        parts.connections,
        LinkTokens(parts.master_key, "identity/pending-connections/v1"),
        sign_in_links,
        wake,
    )
    addresses = Addresses(parts.pool, parts.requests, sign_in_links, wake)
    return ProvidersServicer(parts.pool, visits, addresses)


def _organisations(parts: _Parts, wake: Callable[[], None]) -> OrganisationsServicer:
    links = LinkTokens(parts.master_key, "identity/organisation-invitations/v1")
    organisations = Organisations(parts.pool, parts.records, links, parts.signer, wake)
    return OrganisationsServicer(parts.pool, parts.requests, organisations)


def _partners(parts: _Parts) -> PartnersServicer:
    return PartnersServicer(parts.pool, parts.requests, KeyedIndex(parts.master_key, "identity/partner-links/v1"))


def _sign_in_links(parts: _Parts) -> SignInLinks:
    return SignInLinks(parts.records, _rates(parts), parts.settings.languages)


def _rates(parts: _Parts) -> Rates:
    return Rates(KeyedIndex(parts.master_key, "identity/rates/v1"), parts.settings.rate_factor)


def _signers(settings: Settings) -> list[Signer]:
    try:
        return load_signers(settings.signing_keys)
    except (OSError, ValueError) as error:
        fault = f"VICHE_IDENTITY_SIGNING_KEYS: no usable private key KID.pem there ({type(error).__name__})"
        raise ConfigError([fault]) from error
