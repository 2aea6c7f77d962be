"""Lets models be trained from officers' labels, beside the requests and in a process that ends with its work.

A part is trained when there are enough labels, and anew when enough of them have come since, or one has gone: labels of
forgotten messages go with the next look, so that nothing is learnt from them any more.
Nothing of who wrote is handed on: the trainer gets texts and labels.
"""

import asyncio
import json
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_social.domain.learning import LEAST_LABELS, MOST_CHARACTERS, Example, Figures
from viche_social.learned import Proposes
from viche_social.people import People
from viche_social.store import items, learning
from viche_social.store.learning import Label, Part, Training

log = logging.getLogger("viche.learning")

EVERY_S = 60.0
PAUSE = timedelta(hours=1)
"""Between two looks at the labels of an authority."""
MOST_LABELS = 9_000
MORE = 10
"""A model is trained anew when so many labels have come, or a tenth more than there were."""
TIMEOUT_S = 300.0
_AT_ONCE = 20
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Learning:
    """:meth:`run` is a background task.

    Args:
        people: opens what people wrote.
        words: the word lists, which a model has to beat.
    """

    def __init__(self, pool: Pool, people: People, words: Proposes) -> None:
        self._pool = pool
        self._people = people
        self._words = words

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.look, "learning from labels")

    async def look(self) -> None:
        """Trains what is due."""
        async with transaction(self._pool) as conn:
            claimed = await learning.claim(conn, PAUSE)
        for authority_id in claimed:
            try:
                await self._look_at(authority_id)
            except Unavailable:
                raise
            except Exception:  # whatever keeps one authority's labels from being learnt, people are answered without it
                log.exception("an authority's labels were not learnt from")

    async def _look_at(self, authority_id: UUID) -> None:
        async with transaction(self._pool) as conn:
            await learning.forget_erased(conn, authority_id)
            found = await learning.labels(conn, authority_id, MOST_LABELS)
            before = await learning.trainings(conn, authority_id)
        parts: dict[Part, list[Label]] = defaultdict(list)
        for each in found:
            if each.kind == "language" or each.language:
                parts[each.part].append(each)
        for part in sorted({*parts, *before}):
            if is_due(parts[part], before.get(part)):
                await self._train(authority_id, part, parts[part])

    async def _train(self, authority_id: UUID, part: Part, labels: Sequence[Label]) -> None:
        trained = None
        if len(labels) >= LEAST_LABELS:
            trained = await trained_from(await self._examples(part, labels))
        async with transaction(self._pool) as conn:
            if not await learning.hold_if_on(conn, authority_id):
                return
            if trained is None:
                await learning.drop(conn, authority_id, part)
                return
            figures = Figures(**trained["figures"])
            await learning.put(conn, authority_id, part, labels, figures, trained["model"])
        log.info("a model was trained", extra={"kind": part.kind, "language": part.language, "texts": figures.texts})

    async def _examples(self, part: Part, labels: Sequence[Label]) -> list[Example]:
        """Texts with what was said of them, the oldest first."""
        await self._words.ready()
        examples: list[Example] = []
        for start in range(0, len(labels), _AT_ONCE):
            some = labels[start : start + _AT_ONCE]
            async with reading(self._pool) as conn:
                contents = await items.newest(conn, [each.item_id for each in some])
            for each in some:
                if (content := contents.get(each.item_id)) is not None:
                    text = self._people.open(content.sealed, content.item_id, content.version).text
                    examples.append(self._example(part, each, text))
        return examples[::-1]

    def _example(self, part: Part, label: Label, text: str) -> Example:
        proposed = self._words.propose(text, part.language)
        return Example(text[:MOST_CHARACTERS], label.said, getattr(proposed, part.kind))


def is_due(labels: Sequence[Label], before: Training | None) -> bool:
    """Whether a part is to be trained: for the first time, or because labels have come or gone.

    Args:
        labels: that there are now.
        before: the last training.
    """
    if before is None:
        return len(labels) >= LEAST_LABELS
    known = sum(each.id <= before.newest_label for each in labels)
    return known < before.labels or len(labels) - known >= max(MORE, before.labels // 10)


async def trained_from(examples: Sequence[Example]) -> Mapping[str, Any] | None:
    """What a trainer makes of examples; None where they are too few, or it fails.

    It is a process of its own with bounds on memory, processors and time, and knows no secret of the service.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "viche_social.trainer", env=_environment(),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    given = json.dumps([(each.text, each.said, each.words) for each in examples]).encode()
    try:
        out, _ = await asyncio.wait_for(process.communicate(given), TIMEOUT_S)
    except TimeoutError:
        log.error("a model was not trained in time")
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("a model could not be trained", extra={"returncode": process.returncode})
        return None
    return json.loads(out)


def _environment() -> dict[str, str]:
    """Nothing of what the service alone may know, and one thread for libraries."""
    handed = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    return handed | dict.fromkeys(_THREADS, "1")
