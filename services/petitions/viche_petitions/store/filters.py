"""Which public petitions: the conditions that lists, searches and public data share."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from psycopg import sql

from viche_petitions.domain.petition import PUBLIC, SHOWN

_ANSWERED = "EXISTS (SELECT 1 FROM answers a WHERE a.petition_id = {id})"
_HEARING = (
    "EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (h.hearing) h.outcome, h.is_cancelled FROM hearings h"
    " WHERE h.petition_id = {id} ORDER BY h.hearing, h.version DESC) AS last"
    " WHERE NOT last.is_cancelled AND last.outcome "
)


class Outcome(StrEnum):
    """What became of petitions that are asked for."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    HEARING_AHEAD = "hearing_ahead"
    HEARD = "heard"


_OUTCOMES = {
    Outcome.ANSWERED: _ANSWERED,
    Outcome.UNANSWERED: f"NOT {_ANSWERED}",
    Outcome.HEARING_AHEAD: _HEARING + "= '{{}}')",
    Outcome.HEARD: _HEARING + "<> '{{}}')",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which public petitions; an empty value lets all through, ``states`` all but rejected ones.

    ``query`` is a tsquery written out; ``archived`` says whether they were taken over from another system, None means
    either.
    """

    query: str = ""
    states: tuple[str, ...] = ()
    authorities: tuple[UUID, ...] = ()
    archived: bool | None = None
    source_states: tuple[str, ...] = ()
    source_has: str = ""
    reached: bool = False
    outcome: Outcome | None = None

    @property
    def asks_the_source(self) -> bool:
        """Whether it looks at what only the whole row of a petition has."""
        return bool(self.source_states or self.source_has)


def of_rows(which: Filter) -> sql.Composed:
    """Conditions on ``petitions p``."""
    # a petition that waits again after its rejection was taken back keeps its number, and is not public
    parts: list[sql.Composable] = [sql.SQL("p.number IS NOT NULL"), *_shared(which, "p", "id"), *_of_source(which)]
    if which.query:
        parts.append(sql.SQL("p.searchable @@ %(query)s::tsquery AND NOT p.text_hidden"))
    return sql.SQL(" AND ").join(parts)


def of_listed(which: Filter) -> sql.Composed:
    """The same without words on ``listed_counts l``, joined with ``petitions p`` where the filter asks the source."""
    parts: list[sql.Composable] = [*_shared(which, "l", "petition_id"), *_of_source(which)]
    return sql.SQL(" AND ").join(parts)


def values(which: Filter) -> dict[str, object]:
    """What the conditions refer to."""
    states = _states(which)
    return {
        "states": states, "state": states[0] if len(states) == 1 else "",
        "authorities": list(which.authorities), "archived": which.archived, "query": which.query,
        "source_states": list(which.source_states), "source_has": which.source_has,
    }  # fmt: skip


def _states(which: Filter) -> list[str]:
    return [state for state in which.states or SHOWN if state in PUBLIC]


def _shared(which: Filter, table: str, key: str) -> list[sql.Composed]:
    names = {"of": sql.Identifier(table), "id": sql.Identifier(table, key)}
    # an index gives the order of one state, not that of several
    parts = ["{of}.state = %(state)s" if len(_states(which)) == 1 else "{of}.state = ANY(%(states)s)"]
    if which.authorities:
        parts.append("{of}.authority_id = ANY(%(authorities)s)")
    if which.archived is not None:
        parts.append("{of}.is_archived = %(archived)s")
    if which.reached:
        parts.append("EXISTS (SELECT 1 FROM thresholds_reached r WHERE r.petition_id = {id})")
    if which.outcome:
        parts.append(_OUTCOMES[which.outcome])
    return [sql.SQL(part).format(**names) for part in parts]  # pyright: ignore[reportArgumentType] (all are of this file)


def _of_source(which: Filter) -> list[sql.SQL]:
    parts: list[sql.SQL] = []
    if which.source_states:
        parts.append(sql.SQL("p.source_state = ANY(%(source_states)s)"))
    if which.source_has:
        parts.append(sql.SQL("p.source_facts ? %(source_has)s"))
    return parts
