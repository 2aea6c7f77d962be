"""Tokens hold only as they were signed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from viche_chassis.errors import TokenRefused
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import InTurn, Signer, Verifier, load_signers, public_key_set, read_key_set


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return make_key_pair(tmp_path, "key")


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_signed_token_holds_with_its_claims_and_the_keys_name(signer: Signer) -> None:
    claims = Verifier({"key": signer.key}).verify(signer.sign({"aud": "a", "sub": "їжак"}), audience="a")
    assert (claims["sub"], claims["kid"]) == ("їжак", "key")


def test_a_token_that_held_is_not_checked_again_until_the_keys_change(signer: Signer, tmp_path: Path) -> None:
    verifier, token = Verifier({"key": signer.key}), signer.sign({"aud": "a"})
    assert verifier.verify(token, audience="a") is verifier.verify(token, audience="a")
    verifier.put_keys({"key": make_key_pair(tmp_path / "other", "key").key})
    with pytest.raises(TokenRefused):
        verifier.verify(token, audience="a")


def test_every_changed_character_is_refused(signer: Signer) -> None:
    token = signer.sign({"aud": "a"})
    for place, character in enumerate(token[:-1]):  # the last one has bits that mean nothing
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenRefused):
            Verifier({"key": signer.key}).verify(changed, audience="a")


def test_other_audience_end_key_and_algorithm_are_refused(signer: Signer, tmp_path: Path) -> None:
    other = make_key_pair(tmp_path / "other", "key")
    octets = OctKey.import_key("a secret that is long enough for HS256")
    refused = [
        signer.sign({"aud": "b"}),
        signer.sign({"aud": "a"}, -60),
        other.sign({"aud": "a"}),
        Signer("unknown", signer.key).sign({"aud": "a"}),
        jwt.encode({"alg": "HS256", "kid": "key"}, {"aud": "a"}, octets),
        jwt.encode({"alg": "RS256", "kid": "key"}, {"aud": "a"}, RSAKey.generate_key(2048)),
    ]
    verifier = Verifier({"key": signer.key})
    for token in refused:
        with pytest.raises(TokenRefused):
            verifier.verify(token, audience="a")


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "...", "a.b.c", "ключ.b.c", "\ud800.b.c",
        f"{part({'alg': 'none', 'kid': 'key'})}.{part({'aud': 'a'})}.",
        f"{part([])}.{part({})}.AAAA", f"{part({'alg': 'Ed25519', 'kid': ['key']})}.{part({})}.AAAA",
        f"{part({'alg': 'Ed25519', 'kid': 'key', 'crit': ['x']})}.{part({})}.AAAA",
        base64.urlsafe_b64encode(b"[" * 5_000).decode().rstrip("=") + ".e30.AAAA",
    ],
)  # fmt: skip
def test_what_is_no_token_is_refused(signer: Signer, token: str) -> None:
    with pytest.raises(TokenRefused):
        Verifier({"key": signer.key}).verify(token, audience="a")


def test_unknown_key_is_told_so_that_newer_ones_can_be_fetched(signer: Signer) -> None:
    told: list[bool] = []
    verifier = Verifier({}, on_unknown_key=lambda: told.append(True))
    token = signer.sign({"aud": "a"})
    with pytest.raises(TokenRefused):
        verifier.verify(token, audience="a")
    verifier.put_keys({"key": signer.key})
    assert (told, verifier.verify(token, audience="a")["aud"]) == ([True], "a")


def test_a_key_signs_from_the_moment_in_its_name_on(tmp_path: Path) -> None:
    for kid in ("20250101", "20261231T235959"):
        make_key_pair(tmp_path, kid)
    signers = load_signers(tmp_path)
    moment_s = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
    now_s = moment_s - 1
    signing = InTurn(signers, lambda: now_s)
    assert signing.current().kid == "20250101"
    now_s = moment_s
    assert signing.current().kid == "20261231T235959"
    keys = read_key_set(public_key_set(signers))
    assert Verifier(keys).verify(signing.sign({"aud": "viche"}), audience="viche")["kid"] == "20261231T235959"


def test_a_key_signs_before_its_moment_where_there_is_no_other(tmp_path: Path) -> None:
    make_key_pair(tmp_path, "29991231T235959")
    assert InTurn(load_signers(tmp_path)).current().kid == "29991231T235959"
