"""What a provider's claims mean by the operator's mapping, and what is wrong with an operator's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from viche_chassis.config import ConfigError
from viche_identity.domain.people import Assurance
from viche_identity.domain.providers import (
    ClaimMapping,
    ClaimTable,
    Kind,
    ProviderRefused,
    claimed,
    is_asked_anew,
    value_at,
)
from viche_identity.providers.file import is_safe, read_providers

GOOD = """
[diia]
title = { en = "Diia", uk = "Дія" }
issuer = "https://id.example.org"
client_id = "viche"
client_secret_file = "diia.secret"
hosts = ["tokens.example.org"]
[diia.mapping]
subject = "tax.id"
name = ["given_name", "family_name"]
email_verified = true
assurance = { claim = "acr", values = { "urn:loa:3" = "high" } }
residence = { claim = "katottg" }
[bank]
title = "Bank"
kind = "oauth2"
authorize_url = "https://bank.example/a"
token_url = "https://bank.example/t"
userinfo_url = "https://data.bank.example/u"
client_id = "viche"
client_auth = "none"
asks_each_time = true
"""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", 1), ("b.c", 2), ("b.d.1.e", 3), ("https://x.example/y", 4), ("b.x", None), ("b.d.9", None),
        ("a.b", None), ("", None), ("b.d.x", None),
    ],
)  # fmt: skip
def test_claims_are_found_by_key_or_path(path: str, found: object) -> None:
    claims = {"a": 1, "b": {"c": 2, "d": [0, {"e": 3}]}, "https://x.example/y": 4}
    assert value_at(claims, path) == found


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("l2", Assurance.SUBSTANTIAL), ("l3", Assurance.HIGH), ("L3", Assurance.EMAIL), (None, Assurance.EMAIL),
        (["l2", "l3", "pwd"], Assurance.HIGH), (3, Assurance.HIGH), (True, Assurance.EMAIL), ({}, Assurance.EMAIL),
    ],
)  # fmt: skip
def test_a_level_counts_as_the_table_says_and_else_as_the_lowest(value: object, level: Assurance) -> None:
    table = ClaimTable("acr", {"l2": "substantial", "l3": "high", "3": "high", "True": "high"})
    assert claimed(ClaimMapping(assurance=table), {"sub": "s", "acr": value}).assurance == level


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (ClaimTable("address.code"), "UA-32"), (ClaimTable("address.code", {"UA-32": "UA3200"}), "UA3200"),
        (ClaimTable("address.code", {"UA-30": "UA3000"}), ""), (ClaimTable(), ""), (ClaimTable("address"), ""),
    ],
)  # fmt: skip
def test_residence_is_taken_as_it_is_or_by_the_table(table: ClaimTable, code: str) -> None:
    claims = {"sub": "s", "address": {"code": "UA-32"}}
    assert claimed(ClaimMapping(residence=table), claims).residence_code == code


@pytest.mark.parametrize(
    ("rule", "value", "is_verified"),
    [("v", True, True), ("v", "true", True), ("v", "yes", False), ("v", None, False), ("v", 1, True),
     (True, None, True), (False, True, False)],
)  # fmt: skip
def test_an_address_is_verified_by_a_claim_or_by_the_operators_word(
    rule: str | bool, value: object, is_verified: bool
) -> None:
    found = claimed(ClaimMapping(email_verified=rule), {"sub": "s", "v": value, "email": " a@example.org "})
    assert (found.email, found.is_email_verified) == ("a@example.org", is_verified)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("  Ann\u0301  ", "An\u0144"), ("a\u202eb", ""), ("a\nb", ""), (None, ""), (["x"], "")],
)
def test_a_name_that_could_forge_what_others_read_is_left_out(name: object, shown: str) -> None:
    assert claimed(ClaimMapping(), {"sub": "s", "name": name}).name == shown


def test_a_name_of_parts_is_put_together_and_cut() -> None:
    mapping = ClaimMapping(name=("first", "middle", "last"))
    assert claimed(mapping, {"sub": "s", "first": "Ann", "last": "Adams"}).name == "Ann Adams"
    assert len(claimed(mapping, {"sub": "s", "first": "x" * 300}).name) == 100


@pytest.mark.parametrize("claims", [{}, {"sub": ""}, {"sub": "x" * 256}, {"sub": True}, {"sub": ["a"]}, {"sub": None}])
def test_claims_that_name_nobody_are_refused(claims: Mapping[str, Any]) -> None:
    with pytest.raises(ProviderRefused):
        claimed(ClaimMapping(), claims)


def test_a_number_can_name_somebody() -> None:
    assert claimed(ClaimMapping(subject="tax.id"), {"tax": {"id": 123}}).subject == "123"


def test_who_was_asked_before_the_visit_was_not_asked_anew(tmp_path: Path) -> None:
    providers = read_providers(written(tmp_path, GOOD))
    began_at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    asked = [None, began_at - timedelta(minutes=2), began_at - timedelta(seconds=30), began_at + timedelta(minutes=1)]
    assert [is_asked_anew(providers["diia"], at, began_at) for at in asked] == [False, False, True, True]
    assert is_asked_anew(providers["bank"], None, began_at)


def test_a_file_lists_providers_in_its_order(tmp_path: Path) -> None:
    diia, bank = read_providers(written(tmp_path, GOOD)).values()
    assert (diia.name, diia.kind, diia.client_secret, diia.scopes) == (
        "diia", Kind.OIDC, "the secret", ("openid", "profile", "email"),
    )  # fmt: skip
    assert diia.hosts == {"id.example.org", "tokens.example.org"}
    assert (diia.mapping.name, diia.mapping.email_verified) == (("given_name", "family_name"), True)
    assert (bank.issuer, bank.scopes, bank.client_secret) == ("oauth2:bank", (), "")
    assert bank.hosts == {"bank.example", "data.bank.example"}
    assert (diia.can_confirm, bank.can_confirm) == (True, True)


def test_without_a_file_there_are_no_providers() -> None:
    assert read_providers(None) == {}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "Bank"\n', "", "[bank] title is missing"),
        ('issuer = "https://id.example.org"', "", "[diia] issuer must be an address"),
        ("https://id.example.org", "http://id.example.org", "[diia] issuer must be an address"),
        ("https://bank.example/t", "bank", "[bank] token_url must be an address"),
        ('kind = "oauth2"', 'kind = "saml"', "[bank] kind must be one of oidc, oauth2"),
        ('client_auth = "none"', 'client_auth = "basic"', "[bank] client_auth must be one of"),
        ('client_id = "viche"\nclient_secret', "client_secret", "[diia] client_id is missing"),
        ('"diia.secret"', '"nowhere"', "client_secret_file nowhere cannot be read"),
        ('"diia.secret"', '"empty"', "client_secret_file empty is empty"),
        ("[bank]", "[Bank]", "[Bank] cannot be called so"),
        ("[bank]", "[passkey]", "[passkey] cannot be called so"),
        ("asks_each_time = true", "asks_each_time = 1", "asks_each_time must be true or false"),
        ("asks_each_time", "ask_each_time", "ask_each_time is not known"),
        ('["tokens.example.org"]', '"tokens.example.org"', "hosts must be a list"),
        ('= "high"', '= "highest"', "'highest' is not known"),
        (', values = { "urn:loa:3" = "high" }', "", "mapping.assurance.values is missing"),
        ('{ claim = "katottg" }', '"katottg"', "mapping.residence must be a table"),
        ('subject = "tax.id"', "subject = 3", "mapping: subject and email name a claim"),
        ('subject = "tax.id"', 'sub = "tax.id"', "mapping.sub is not known"),
        ("[bank]", "bank", "providers.toml cannot be read"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    with pytest.raises(ConfigError) as caught:
        read_providers(written(tmp_path, GOOD.replace(before, after, 1)))
    assert said in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_providers(written(tmp_path, '[a]\nclient_auth = "none"\n[b]\nkind = "oauth2"\n'))
    assert len(caught.value.faults) == 3 + 6


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example.org", True), ("http://127.0.0.1:8080/x", True), ("http://localhost", True),
        ("http://id.example.org", False), ("https://", False), ("https://a:b@id.example.org", False),
        ("file:///etc/passwd", False), ("https://id.example.org:x", False), ("https://id.example.org/ a", False),
        ("http://127.0.0.1.evil.example", False), ("", False),
    ],
)  # fmt: skip
def test_only_addresses_over_tls_or_on_this_machine_are_called(url: str, safe: bool) -> None:
    assert is_safe(url) == safe


def written(folder: Path, text: str) -> Path:
    (folder / "diia.secret").write_text("the secret\n", encoding="utf-8")
    (folder / "empty").write_text("\n", encoding="utf-8")
    path = folder / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return path
