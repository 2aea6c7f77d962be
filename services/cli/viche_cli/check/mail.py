"""Mail: whether the server takes it, and whether others will believe that it is ours."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

import dns.exception
import dns.resolver

from viche_cli.check.findings import Finding, fail, ok, warn
from viche_notifications.smtp import SmtpServer, parse_smtp_url

WITHIN_S = 10.0
LOCAL = ("127.0.0.1", "localhost", "::1")
# names that programs for mail servers choose unless somebody says another
SELECTORS = ("default", "mail", "dkim", "viche", "s1", "s2", "selector1", "selector2", "google", "k1")


def check_server(url: str) -> Iterator[Finding]:
    """Shakes hands with the mail server as notifications does; sends nothing."""
    try:
        server = parse_smtp_url(url)
    except ValueError as error:
        yield fail("mail server", f"VICHE_SMTP_URL: {error}", "correct it")
        return
    try:
        with _connect(server) as client:
            client.ehlo_or_helo_if_needed()
            yield from _check_encryption(client, server)
            if server.username:
                client.login(server.username, server.password or "")
            yield ok("mail server", f"{server.host}:{server.port} lets us in")
    except smtplib.SMTPAuthenticationError as error:
        yield fail("mail server", f"refuses user and password ({error.smtp_code})", "correct VICHE_SMTP_URL")
    except (OSError, smtplib.SMTPException) as error:
        said = f"{server.host}:{server.port} does not take mail ({type(error).__name__})"
        yield fail("mail server", said, "start it, or correct VICHE_SMTP_URL")


def check_sender(
    sender: str, smtp_url: str, resolver: dns.resolver.Resolver, selectors: Sequence[str] = ()
) -> Iterator[Finding]:
    """SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the sender's domain."""
    domain = parseaddr(sender)[1].rpartition("@")[2].lower()
    if not domain or domain == "example.org" or domain.endswith(".example"):
        yield fail("sender", f"'{sender}' is nobody's address", "set VICHE_MAIL_FROM to an address of yours")
        return
    try:
        yield _check_spf(domain, smtp_url, resolver)
        yield _check_dkim(domain, resolver, selectors)
        yield _check_dmarc(domain, resolver)
    except dns.exception.DNSException as error:
        yield fail("DNS", f"does not answer ({type(error).__name__})", "look at the name server of this machine")


def check_returns(sender: str, bounces: str, smtp_url: str, resolver: dns.resolver.Resolver) -> Iterator[Finding]:
    """Whether somebody reads the mail that comes back, and where it comes back to."""
    if not bounces:
        way_out = "set VICHE_MAIL_BOUNCES to a mailbox that the mail server gives to `viche bounces`"
        yield warn("mail that comes back", "goes to the sender, and addresses that are no more stay in use", way_out)
        return
    domain = bounces.rpartition("@")[2].lower()
    yield ok("mail that comes back", f"to {domain}")
    if domain == parseaddr(sender)[1].rpartition("@")[2].lower():
        return
    try:
        yield _check_spf(domain, smtp_url, resolver)  # SPF looks at the domain that mail comes back to
    except dns.exception.DNSException as error:
        yield fail("DNS", f"does not answer ({type(error).__name__})", "look at the name server of this machine")


def resolver_at(address: str) -> dns.resolver.Resolver:
    """The system's resolver, or one that asks the server at HOST[:PORT]."""
    if not address:
        return dns.resolver.Resolver()
    host, _, port = address.partition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = [host], int(port or 53), WITHIN_S
    return resolver


def _connect(server: SmtpServer) -> smtplib.SMTP:
    if server.use_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=WITHIN_S, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=WITHIN_S)


def _check_encryption(client: smtplib.SMTP, server: SmtpServer) -> Iterator[Finding]:
    if server.use_tls:
        yield ok("mail encryption", "TLS from the first byte")
    elif server.start_tls is False:
        if server.host not in LOCAL:
            yield fail("mail encryption", "tls=none sends mail in the clear", "write ?tls=starttls in VICHE_SMTP_URL")
    elif client.has_extn("starttls"):
        client.starttls(context=ssl.create_default_context())
        client.ehlo()
        yield ok("mail encryption", "STARTTLS")
    else:
        yield fail("mail encryption", "the server does not offer STARTTLS", "turn it on there, or use smtps://")


def _check_spf(domain: str, smtp_url: str, resolver: dns.resolver.Resolver) -> Finding:
    records = [text for text in _texts(domain, resolver) if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        host = parse_smtp_url(smtp_url).host
        return fail("SPF", f"{domain} has none", f'enter at {domain}: TXT "v=spf1 a:{host} -all"')
    if len(records) > 1:
        return fail("SPF", f"{domain} has {len(records)}, so none counts", "join them into one record")
    if records[0].lower().split()[-1] in ("+all", "all", "?all"):
        return warn("SPF", f"'{records[0]}' lets everybody send", "let it end with -all")
    return ok("SPF", records[0])


def _check_dkim(domain: str, resolver: dns.resolver.Resolver, selectors: Sequence[str]) -> Finding:
    for selector in selectors or SELECTORS:
        for text in _texts(f"{selector}._domainkey.{domain}", resolver):
            if _tags(text).get("p"):
                return ok("DKIM", f"a key at {selector}._domainkey.{domain}")
    way_out = f'let the mail server sign, and enter its key at SELECTOR._domainkey.{domain}: TXT "v=DKIM1; k=rsa; p=…"'
    asked = ", ".join(selectors or SELECTORS)
    return fail("DKIM", f"no key for {domain} under {asked}", f"{way_out}; --dkim-selector names another selector")


def _check_dmarc(domain: str, resolver: dns.resolver.Resolver) -> Finding:
    labels = domain.split(".")
    # a domain without a record has its organisation's
    for start in range(max(len(labels) - 1, 1)):
        place = ".".join(labels[start:])
        for text in _texts(f"_dmarc.{place}", resolver):
            tags = _tags(text)
            if tags.get("v") == "DMARC1" and tags.get("p") == "none":
                return warn("DMARC", f"{place} asks for nothing (p=none)", "write p=quarantine once mails pass")
            if tags.get("v") == "DMARC1":
                return ok("DMARC", text)
    way_out = f'enter at _dmarc.{domain}: TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@{domain}"'
    return fail("DMARC", f"{domain} has none", way_out)


def _texts(name: str, resolver: dns.resolver.Resolver) -> list[str]:
    try:
        answer = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
