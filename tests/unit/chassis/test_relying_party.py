"""For whom passkeys are made."""

import pytest

from viche_chassis.relying_party import RelyingParty, relying_party


@pytest.mark.parametrize(
    ("public_url", "id", "origin"),
    [
        ("https://viche.example.org", "viche.example.org", "https://viche.example.org"),
        ("https://viche.example.org:8443/", "viche.example.org", "https://viche.example.org:8443"),
        ("https://Viche.Example.org:443", "viche.example.org", "https://viche.example.org"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
        ("http://127.0.0.1:8080", "localhost", "http://localhost:8080"),
        ("http://[::1]:8080", "localhost", "http://localhost:8080"),
        ("http://demo.localhost", "demo.localhost", "http://demo.localhost"),
    ],
)
def test_passkeys_are_made_for_a_domain_over_tls_or_this_machine(public_url: str, id: str, origin: str) -> None:
    assert relying_party(public_url) == RelyingParty(id, origin)


@pytest.mark.parametrize("public_url", ["http://viche.example.org", "https://192.0.2.7", "http://10.0.0.5:8080", ""])
def test_elsewhere_browsers_make_none(public_url: str) -> None:
    assert relying_party(public_url) is None
