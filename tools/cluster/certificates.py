"""The authority of the cluster, the certificates of its parts, and the kubeconfigs made of them."""

from __future__ import annotations

import datetime
import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tools.cluster.places import API_SERVICE_ADDRESS, API_URL, DOMAIN, NODE, NODE_ADDRESS, Places

LIFE = datetime.timedelta(days=365)
ADMIN, KUBELET, PROXY = "admin", "kubelet", "kube-proxy"
CONTROLLER_MANAGER, SCHEDULER = "kube-controller-manager", "kube-scheduler"
API_SERVER, SERVICE_ACCOUNTS, AUTHORITY = "kube-apiserver", "service-accounts", "ca"
# the user and group that each part is known by: the names of the roles that Kubernetes brings along
PARTS = {
    ADMIN: ("admin", "system:masters"),
    CONTROLLER_MANAGER: ("system:kube-controller-manager", ""),
    SCHEDULER: ("system:kube-scheduler", ""),
    KUBELET: (f"system:node:{NODE}", "system:nodes"),
    PROXY: ("system:kube-proxy", ""),
    API_SERVER: ("kube-apiserver", "system:masters"),
}
SERVERS = {
    API_SERVER: (
        *("kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{DOMAIN}"),
        *(NODE_ADDRESS, API_SERVICE_ADDRESS),
    ),
    KUBELET: (NODE, NODE_ADDRESS),
}


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make(places: Places) -> None:
    """Makes all certificates and kubeconfigs anew."""
    places.keys.mkdir(parents=True, exist_ok=True)
    places.keys.chmod(0o700)
    authority = _authority(places)
    _write_key(places.key(SERVICE_ACCOUNTS), ec.generate_private_key(ec.SECP256R1()))
    for name, (user, group) in PARTS.items():
        _issue(places, authority, name, user, group)
        if name != API_SERVER:
            places.kubeconfig_of(name).write_text(json.dumps(_kubeconfig(places, name)), encoding="utf-8")
            places.kubeconfig_of(name).chmod(0o600)


def _authority(places: Places) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("viche-cluster", "")
    certificate = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(places.key(AUTHORITY), key)
    places.certificate(AUTHORITY).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return _Authority(certificate, key)


def _issue(places: Places, authority: _Authority, name: str, user: str, group: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    uses = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
    builder = _builder(_name(user, group), authority.certificate.subject, key).add_extension(
        x509.ExtendedKeyUsage(uses), critical=False
    )
    if hosts := SERVERS.get(name):
        names = x509.SubjectAlternativeName([_alternative(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    _write_key(places.key(name), key)
    places.certificate(name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + LIFE)
    )


def _name(user: str, group: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
    if group:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(parts)


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )


def _kubeconfig(places: Places, name: str) -> dict[str, object]:
    """JSON is YAML, too."""
    cluster = {"server": API_URL, "certificate-authority": str(places.certificate(AUTHORITY))}
    user = {"client-certificate": str(places.certificate(name)), "client-key": str(places.key(name))}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "viche", "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": "viche", "context": {"cluster": "viche", "user": name}}],
        "current-context": "viche",
    }
