"""python -m tools.cluster_test [--registry R --tag T] [--values FILE] [--set NAME=TEXT] [--keep]

On the cluster of KUBECONFIG; ends with 1 and what to do when a step fails.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.cluster_test.kube import Kube, until
from tools.cluster_test.people import AUTHOR, NEIGHBOUR, OFFICER, Petition, Portal, portal
from tools.cluster_test.release import Release
from tools.cluster_test.report import Report
from tools.cluster_test.signing import INSIDE, LASTS_S, Ledger, Signing, check, no_failure
from tools.running import Fault

TERRITORY, SLUG = "UA99000000000000000", "dam"  # no region of the codifier has this number
FIGURES = '{"threshold": "1000000", "open_days": "30", "residents_only": "false"}'
TITLE = "Mend the dam above the village"
KILLS, LOADS = 3, 3
PEOPLE_WITHIN_S = 900.0


@dataclass(slots=True)
class Trial:
    """The steps, in their order, and what they leave for each other."""

    release: Release
    signing: Signing
    report: Report
    draw: random.Random
    ledgers: list[Ledger] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    petition: Petition = Petition("", 0)

    def run(self) -> None:
        """All of it. Raises Fault at the first step that fails."""
        step, release = self.report.step, self.release
        step("keys and Secrets", release.make_secrets)
        step("helm install", release.install)
        step("helm test", release.test)
        step("a citizen and an officer", self._walk)
        step("people who will sign", self._make_people)
        step("upgrade of every pod under load", lambda: self._under_load(self._upgrade, no_failure), is_vital=False)
        step("ledger after the upgrade", lambda: check(release, self.petition, self.ledgers))
        step("pods killed under load", lambda: self._under_load(self._kill, Ledger.summary))
        step("ledger after the kills", lambda: check(release, self.petition, self.ledgers))
        step("rollback under load", lambda: self._under_load(release.rollback, no_failure), is_vital=False)
        step("ledger after the rollback", lambda: check(release, self.petition, self.ledgers))
        step("helm uninstall", release.uninstall)
        step("helm install over what is left", release.install)
        step("everything is still there", self._look_again)
        step("the officer answers, who signed hears of it", self._answer)

    def _walk(self) -> str:
        arguments = (TERRITORY, SLUG, "Village", "petition-local", OFFICER, FIGURES)
        authority_id = self._cli("region.py", *arguments)
        with portal(self.release.kube, self.release) as seen:
            seen.pages()
            author = seen.sign_in(AUTHOR)
            handed_in = seen.start_petition(author, authority_id, TITLE)
            self.petition = seen.open_petition(seen.sign_in(OFFICER), handed_in)
            seen.sign_by_email(self.petition, NEIGHBOUR, TERRITORY)
            before = seen.count(self.petition)
            seen.sign(seen.sign_in("second@example.org"), self.petition)
            return self._shown(seen, before)

    def _shown(self, seen: Portal, before: int) -> str:
        until("a signature that was made is counted", lambda: seen.count(self.petition) > before, 120.0)
        return f"petition {self.petition.number} with {seen.count(self.petition)} signatures, one of them by mail"

    def _make_people(self) -> str:
        number = int(LOADS * self.signing.per_s * LASTS_S)
        self.people = self._cli("sessions.py", "signer", str(number), TERRITORY, within_s=PEOPLE_WITHIN_S)
        return f"{len(self.people)} people with sessions"

    def _under_load(self, do: Callable[[], str], judge: Callable[[Ledger], str]) -> str:
        number = int(self.signing.per_s * LASTS_S)
        some, self.people = self.people[:number], self.people[number:]
        ledger, done = self.signing.during(self.petition, some, do)
        self.ledgers.append(ledger)
        if not ledger.acknowledged:
            raise Fault("Nobody could sign: see the logs of the gateway and of petitions.")
        return f"{done}; {judge(ledger)}"

    def _upgrade(self) -> str:
        return self.release.upgrade("keys.revision=second")

    def _kill(self) -> str:
        killed: list[str] = []
        for _ in range(KILLS):
            pods = self.release.service_pods()
            pod = self.draw.choice(pods)
            name = pod["metadata"]["name"]
            self.release.kube.kubectl("delete", "pod", name, "--grace-period=0", "--force")
            killed.append(pod["metadata"]["labels"]["app.kubernetes.io/component"])
            self.release.wait_for_pods(len(pods))
        return f"killed {', '.join(killed)}"

    def _look_again(self) -> str:
        stored = check(self.release, self.petition, self.ledgers)
        with portal(self.release.kube, self.release) as seen:
            signatures = self._cli_count()
            return f"{seen.shows(self.petition, signatures)}; {stored}"

    def _answer(self) -> str:
        with portal(self.release.kube, self.release) as seen:
            mails_before = seen.mails(NEIGHBOUR)
            seen.answer(seen.sign_in(OFFICER), self.petition)
            seen.shows_answer(self.petition, NEIGHBOUR, mails_before)
        return f"shown, and told to {NEIGHBOUR}"

    def _cli_count(self) -> int:
        pod = self.release.deployment("petitions")
        return len(self.release.kube.python(pod, INSIDE / "stored.py", str(self.petition.number)))

    def _cli(self, script: str, *arguments: str, within_s: float = 300.0) -> Any:
        return self.release.kube.python(self.release.deployment("cli"), INSIDE / script, *arguments, within_s=within_s)


def main(argv: Sequence[str] | None = None) -> int:
    """Tries it and prints the table."""
    asked = _parser().parse_args(argv)
    kube, report = Kube(asked.namespace), Report()
    images = [f"image.registry={asked.registry}", f"image.tag={asked.tag}"]
    release = Release(kube, "region", asked.values, [*images, *asked.set])
    signing = Signing(release, f"{asked.registry}/viche-cli:{asked.tag}", asked.per_second)
    trial = Trial(release, signing, report, random.Random(asked.seed))  # noqa: S311
    try:
        kube.make_namespace()
        try:
            trial.run()
        finally:
            print(f"\n{report.table()}\n", flush=True)
            if asked.keep:
                print(f"The namespace {asked.namespace} is kept: `kubectl delete namespace {asked.namespace}` ends it.")
            else:
                kube.end_namespace()
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0 if all(step.is_good for step in report.steps) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.cluster_test",
        description="Try the chart with its embedded engines on the cluster of KUBECONFIG: install, the main jobs, an "
        "upgrade and kills under load, a rollback, and a new start over what is left.",
    )
    parser.add_argument("--registry", default="localhost", help="where the images are; default: %(default)s")
    parser.add_argument("--tag", default="dev", help="their tag; default: %(default)s")
    parser.add_argument("--namespace", default="viche-test", help="made for this and deleted; default: %(default)s")
    parser.add_argument("--values", type=Path, action="append", default=[], help="a file of values; more than once")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=TEXT", help="a value; more than once")
    parser.add_argument("--per-second", type=float, default=10.0, help="signatures in a second; default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="which pods are killed; default: %(default)s")
    parser.add_argument("--keep", action="store_true", help="leave the namespace for a look")
    return parser


if __name__ == "__main__":
    sys.exit(main())
