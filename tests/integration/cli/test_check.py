"""`viche check` against real servers: a database, NATS, a mail server, a name server and a whole instance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.integration.cli.name_server import NameServer, name_server
from tests.s3 import S3Server
from tests.suite import Suite
from viche_chassis.db import migrate
from viche_chassis.objects import parse_s3_url
from viche_chassis.objects_s3 import S3Store
from viche_cli.check.address import check_address
from viche_cli.check.databases import check_databases
from viche_cli.check.findings import Finding, Level
from viche_cli.check.machine import check_objects
from viche_cli.check.mail import check_returns, check_sender, check_server, resolver_at
from viche_cli.check.nats import check_nats
from viche_cli.home import Home
from viche_cli.infra import ports
from viche_cli.infra.nats import NatsServer

SENDER = "Petitions <noreply@petitions.dibrova.test>"
SMTP_URL = "smtp://mail.dibrova.test:587?tls=starttls"


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


@pytest.fixture(scope="module")
def suite(engine_folder: Path) -> Iterator[Suite]:
    suite = Suite(engine_folder / "check")
    suite.start()
    yield suite
    suite.stop()


def by_subject(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {each.subject: each for each in findings}


def levels(findings: Iterable[Finding]) -> dict[str, str]:
    return {each.subject: each.level.value for each in findings}


class TestDatabase:
    @pytest.fixture
    def migrated(self, database: Callable[..., str]) -> str:
        url = database("notifications")
        migrate(url, "viche_notifications")
        return url

    def test_one_that_is_up_to_date_is_well(self, migrated: str) -> None:
        assert set(levels(check_databases({"notifications": migrated})).values()) == {"ok"}

    def test_one_without_tables_says_what_to_run(self, database: Callable[..., str]) -> None:
        found = list(check_databases({"petitions": database("petitions")}))
        assert found[-1].level == Level.FAIL
        assert found[-1].way_out == "run `viche migrate --service petitions`"

    def test_one_that_lacks_a_migration_names_it(self, migrated: str) -> None:
        self._run(migrated, "DELETE FROM schema_migrations WHERE name LIKE '%notifications/0001%'")
        said = [each.said for each in check_databases({"notifications": migrated}) if each.level == Level.FAIL]
        assert len(said) == 1
        assert "0001_pre_messages.sql" in said[0]

    def test_a_server_that_acknowledges_too_early_fails(self, migrated: str) -> None:
        self._run(migrated, "ALTER ROLE CURRENT_USER SET synchronous_commit = off")
        found = by_subject(check_databases({"notifications": migrated}))
        assert found["PostgreSQL synchronous_commit"].level == Level.FAIL
        assert found["PostgreSQL fsync"].level == Level.OK

    def test_events_and_mails_that_wait_too_long_fail(self, migrated: str) -> None:
        self._run(
            migrated,
            "INSERT INTO outbox (id, type, payload, created_at)"
            " VALUES (gen_random_uuid(), 'x', '', now() - interval '2 minutes')",
            "INSERT INTO messages (id, template, lane, state, language, created_at)"
            " VALUES (gen_random_uuid(), 'sign_in', 'urgent', 'queued', 'en', now() - interval '6 minutes'),"
            " (gen_random_uuid(), 'told', 'bulk', 'queued', 'en', now() - interval '6 minutes')",
            "INSERT INTO dead_letters (consumer, event_id, subject, payload, error, attempts)"
            " VALUES ('x', gen_random_uuid(), 'x', '', 'x', 3)",
        )
        found = [each for each in check_databases({"notifications": migrated}) if each.level != Level.OK]
        assert [each.level for each in found] == [Level.WARN, Level.FAIL, Level.FAIL]
        assert found[2].subject == "urgent mails"

    def test_refusals_of_what_we_are_are_told(self, migrated: str) -> None:
        row = (
            "INSERT INTO bounces (message_id, kind, status, domain) VALUES (gen_random_uuid(), '{}', '5.0.0', 'a.test')"
        )
        self._run(migrated, row.format("hard"))
        assert by_subject(check_databases({"notifications": migrated}))["bounces"].level == Level.OK
        self._run(migrated, row.format("policy"))
        assert by_subject(check_databases({"notifications": migrated}))["bounces"].level == Level.WARN

    def test_a_recount_that_differs_fails_until_it_is_mended(self, database: Callable[..., str]) -> None:
        url = database("petitions")
        migrate(url, "viche_petitions")
        row = (
            "INSERT INTO recounts (id, petition_id, counted, published, minutes, corrections, is_mended, at)"
            " VALUES (gen_random_uuid(), '019a0000-0000-7000-8000-000000000000', 5, 6, 5, '[]', {}, now())"
        )
        self._run(url, row.format("false"))
        assert by_subject(check_databases({"petitions": url}))["recount"].level == Level.FAIL
        self._run(url, row.format("true"))
        assert by_subject(check_databases({"petitions": url}))["recount"].level == Level.OK

    def test_tallies_of_surveys_that_a_recount_found_wrong_are_told(self, database: Callable[..., str]) -> None:
        url = database("surveys")
        migrate(url, "viche_surveys")
        row = (
            "INSERT INTO recounts (id, survey_id, responses, differences, is_mended, at)"
            " VALUES (gen_random_uuid(), '019a0000-0000-7000-8000-000000000000', 5, '{}', {}, now())"
        )
        wrong = '[["pet", "", "dog", "00000000-0000-0000-0000-000000000000", 5, 6]]'
        for differences, is_mended, level in (
            ("[]", "true", Level.OK),
            (wrong, "false", Level.FAIL),
            (wrong, "true", Level.WARN),
            ("[]", "true", Level.OK),
        ):
            self._run(url, row.format(differences, is_mended))
            assert by_subject(check_databases({"surveys": url}))["recount of surveys"].level == level

    def test_one_that_is_down_keeps_nothing_else_from_being_looked_at(self, migrated: str) -> None:
        down = f"postgresql://viche:secret@127.0.0.1:{ports.free_port()}/viche"
        found = by_subject(check_databases({"identity": down, "notifications": migrated}))
        assert found["database of identity"].level == Level.FAIL
        assert "secret" not in found["database of identity"].said
        assert found["urgent mails"].level == Level.OK

    def _run(self, url: str, *statements: str) -> None:
        with psycopg.connect(url, autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)  # pyright: ignore[reportCallIssue, reportArgumentType]


class TestNats:
    def test_our_own_syncs_always(self, nats: NatsServer) -> None:
        assert levels(check_nats(nats.url, nats.folder / "nats.conf")) == {"NATS": "ok", "NATS sync_interval": "ok"}

    def test_one_that_acknowledges_before_it_writes_fails(self, nats: NatsServer, tmp_path: Path) -> None:
        config = tmp_path / "nats.conf"
        config.write_text("jetstream {\n  # sync_interval: always\n}\n")
        assert levels(check_nats(nats.url, config))["NATS sync_interval"] == "fail"

    def test_of_somebody_elses_it_cannot_be_seen(self, nats: NatsServer) -> None:
        assert levels(check_nats(nats.url, None))["NATS sync_interval"] == "warn"

    def test_one_that_is_down_fails(self) -> None:
        assert levels(check_nats(f"nats://127.0.0.1:{ports.free_port()}", None)) == {"NATS": "fail"}


class TestMailServer:
    @pytest.fixture
    def server(self) -> Iterator[str]:
        def authenticate(_server: Any, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:
            return AuthResult(success=data.password == b"right", handled=False)

        port = ports.free_port()
        running = Controller(
            object(), hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False,
            ready_timeout=60.0,
        )  # fmt: skip
        running.start()
        yield f"127.0.0.1:{port}"
        running.stop()

    def test_one_that_lets_us_in_is_well(self, server: str) -> None:
        assert levels(check_server(f"smtp://viche:right@{server}?tls=none")) == {"mail server": "ok"}

    def test_a_wrong_password_fails_and_is_not_repeated(self, server: str) -> None:
        (found,) = check_server(f"smtp://viche:wrong@{server}?tls=none")
        assert (found.level, "wrong" in found.said) == (Level.FAIL, False)

    def test_one_without_starttls_fails(self, server: str) -> None:
        assert levels(check_server(f"smtp://{server}?tls=starttls"))["mail encryption"] == "fail"

    def test_one_that_is_down_fails(self) -> None:
        assert levels(check_server(f"smtp://127.0.0.1:{ports.free_port()}")) == {"mail server": "fail"}

    def test_an_address_that_is_none_fails(self) -> None:
        assert levels(check_server("mail.example.org")) == {"mail server": "fail"}


class TestSender:
    def look(self, names: NameServer, **texts: list[str]) -> dict[str, Finding]:
        places = {"spf": "", "dkim": "mail._domainkey.", "dmarc": "_dmarc."}
        names.texts = {f"{places[name]}petitions.dibrova.test": found for name, found in texts.items()}
        return by_subject(check_sender(SENDER, SMTP_URL, resolver_at(names.address)))

    def test_a_domain_with_all_three_is_well(self, names: NameServer) -> None:
        found = self.look(
            names, spf=["other", "v=spf1 mx -all"], dkim=["v=DKIM1; k=rsa; p=MIIB"], dmarc=["v=DMARC1; p=reject"]
        )
        assert {subject: each.level.value for subject, each in found.items()} == {
            "SPF": "ok",
            "DKIM": "ok",
            "DMARC": "ok",
        }

    def test_a_domain_without_any_is_told_what_to_enter(self, names: NameServer) -> None:
        found = self.look(names)
        assert {each.level for each in found.values()} == {Level.FAIL}
        assert 'petitions.dibrova.test: TXT "v=spf1 a:mail.dibrova.test -all"' in found["SPF"].way_out
        assert "SELECTOR._domainkey.petitions.dibrova.test" in found["DKIM"].way_out
        assert '_dmarc.petitions.dibrova.test: TXT "v=DMARC1; p=quarantine' in found["DMARC"].way_out

    def test_two_spf_records_count_as_none(self, names: NameServer) -> None:
        assert self.look(names, spf=["v=spf1 mx -all", "v=spf1 a -all"])["SPF"].level == Level.FAIL

    def test_records_that_protect_nothing_are_told(self, names: NameServer) -> None:
        found = self.look(names, spf=["v=spf1 mx ?all"], dkim=["v=DKIM1; p="], dmarc=["v=DMARC1; p=none"])
        assert [found[name].level for name in ("SPF", "DKIM", "DMARC")] == [Level.WARN, Level.FAIL, Level.WARN]

    def test_a_part_of_a_domain_has_the_policy_of_the_whole(self, names: NameServer) -> None:
        names.texts = {"_dmarc.dibrova.test": ["v=DMARC1; p=quarantine"]}
        assert levels(check_sender(SENDER, SMTP_URL, resolver_at(names.address)))["DMARC"] == "ok"

    def test_the_selector_can_be_named(self, names: NameServer) -> None:
        names.texts = {"y2026._domainkey.petitions.dibrova.test": ["v=DKIM1; p=MIIB"]}
        resolver = resolver_at(names.address)
        assert levels(check_sender(SENDER, SMTP_URL, resolver))["DKIM"] == "fail"
        assert levels(check_sender(SENDER, SMTP_URL, resolver, ["y2026"]))["DKIM"] == "ok"

    def test_a_name_server_that_is_down_is_said_to_be(self) -> None:
        resolver = resolver_at(f"127.0.0.1:{ports.free_port()}")
        resolver.lifetime = 1.0
        assert levels(check_sender(SENDER, SMTP_URL, resolver)) == {"DNS": "fail"}

    def test_the_address_of_the_examples_is_refused(self, names: NameServer) -> None:
        found = check_sender("viche@example.org", SMTP_URL, resolver_at(names.address))
        assert levels(found) == {"sender": "fail"}

    def test_mail_that_comes_back_needs_a_reader(self, names: NameServer) -> None:
        found = list(check_returns(SENDER, "", SMTP_URL, resolver_at(names.address)))
        assert [(each.subject, each.level) for each in found] == [("mail that comes back", Level.WARN)]
        assert "VICHE_MAIL_BOUNCES" in found[0].way_out

    def test_spf_is_looked_at_where_mail_comes_back_to(self, names: NameServer) -> None:
        resolver = resolver_at(names.address)
        names.texts = {"bounces.dibrova.test": ["v=spf1 mx -all"]}
        elsewhere = check_returns(SENDER, "viche@bounces.dibrova.test", SMTP_URL, resolver)
        assert levels(elsewhere) == {"mail that comes back": "ok", "SPF": "ok"}
        names.texts = {}
        same = check_returns(SENDER, "bounces@petitions.dibrova.test", SMTP_URL, resolver)
        assert levels(same) == {"mail that comes back": "ok"}
        elsewhere = check_returns(SENDER, "viche@bounces.dibrova.test", SMTP_URL, resolver)
        assert levels(elsewhere)["SPF"] == "fail"


class TestInstance:
    def test_a_fresh_one_fails_nowhere(self, suite: Suite) -> None:
        done = suite.command("check", "--json")
        found = json.loads(done.stdout)
        assert [each for each in found if each["level"] == "fail"] == []
        assert done.returncode == 0
        assert {"subject": "NATS sync_interval", "level": "ok", "said": "always", "way_out": ""} in found
        assert any(each["said"].endswith("is answered by this instance") for each in found)

    def test_an_address_that_leads_elsewhere_fails(self, suite: Suite) -> None:
        found = [each for each in check_address(suite.url, ["another"], {}) if each.level == Level.FAIL]
        assert [each.said for each in found] == [f"{suite.url} is answered by another instance"]

    def test_one_that_is_not_there_is_said_in_one_line(self, tmp_path: Path) -> None:
        done = Suite(tmp_path / "nothing").command("check")
        assert done.returncode == 3
        assert "is not there: name the instance's folder with --home" in done.stdout


def test_a_bucket_that_refuses_us_fails(s3: S3Server, tmp_path: Path) -> None:
    S3Store(parse_s3_url(s3.url("checked"))).ensure_bucket()
    home = Home(tmp_path)
    assert check_objects(home, {"VICHE_S3_URL": s3.url("checked")}).level == Level.OK
    assert check_objects(home, {"VICHE_S3_URL": s3.url("checked", secret_key="wrong-one")}).level == Level.FAIL
    assert check_objects(home, {"VICHE_S3_URL": "https://elsewhere"}).level == Level.FAIL


def test_a_public_address_without_encryption_fails() -> None:
    found = list(check_address("http://petitions.invalid", [], {}))
    assert [each.level for each in found] == [Level.FAIL, Level.FAIL]
    assert "is not encrypted" in found[0].said


def test_a_proxy_that_nobody_trusts_is_told() -> None:
    url = f"https://127.0.0.2:{ports.free_port()}"
    assert levels(check_address(url, [], {"VICHE_TRUSTED_PROXIES": "0"}))["proxies"] == "warn"
    assert "proxies" not in levels(check_address(url, [], {"VICHE_TRUSTED_PROXIES": "1"}))
