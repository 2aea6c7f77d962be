"""Steps with their seconds and results, said while they happen and as a table at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tools.running import Fault


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, how long it took, and what came of it."""

    name: str
    took_s: float
    result: str
    is_good: bool


@dataclass(slots=True)
class Report:
    """All steps so far."""

    steps: list[Step] = field(default_factory=list)

    def step(self, name: str, do: Callable[[], str], *, is_vital: bool = True) -> None:
        """Does something that says what came of it. Raises Fault, noted, when it fails and others need it."""
        print(f"{name} …", flush=True)
        began_s = time.monotonic()
        try:
            result = do()
        except Fault as fault:
            self.steps.append(Step(name, time.monotonic() - began_s, str(fault).splitlines()[0], is_good=False))
            if is_vital:
                raise
            print(f"  {fault}", flush=True)
            return
        self.steps.append(Step(name, time.monotonic() - began_s, result, is_good=True))
        print(f"  {self.steps[-1].took_s:.1f} s: {result}", flush=True)

    def table(self) -> str:
        """The steps, one a line."""
        widest = max((len(step.name) for step in self.steps), default=0)
        return "\n".join(
            f"{'ok  ' if step.is_good else 'FAIL'}  {step.name:{widest}}  {step.took_s:7.1f} s  {step.result}"
            for step in self.steps
        )
