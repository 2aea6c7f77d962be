"""Rate rules: at most so many uses within a window, counted in the service's own database.

What is counted by (a mailbox, a network) is stored as a keyed index, for as long as the longest of its windows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from viche_chassis.db import Connection
from viche_chassis.errors import TooManyRequests
from viche_chassis.sealing import KeyedIndex


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``limit`` uses in ``window_s`` seconds; a window begins with the first use after the one before.

    Args:
        name: unique in the service; rules of the same name count together.
    """

    name: str
    limit: int
    window_s: int

    def allows(self, uses: int, factor: float) -> bool:
        """Whether the last of ``uses`` is within the limit times ``factor``, which never forbids everything."""
        return uses <= max(1, int(self.limit * factor))


class Rates:
    """Counts uses.

    Args:
        index: for what is counted by.
        factor: multiplies every limit.
    """

    def __init__(self, index: KeyedIndex, factor: float = 1.0) -> None:
        self._index = index
        self._factor = factor

    async def use(self, conn: Connection, rules: Iterable[Rule], value: str) -> int:
        """Counts one use of ``value`` under every rule; others that use it wait until the transaction ends.

        Returns:
            seconds until it may be used again; 0 where all rules allow this use.
        """
        wait_s = 0
        for rule in rules:
            uses, ends_in_s = await _count(conn, rule, self._index.of(value, within=rule.name.encode()))
            if not rule.allows(uses, self._factor):
                wait_s = max(wait_s, ends_in_s)
        return wait_s

    async def use_each(
        self, conn: Connection, rules: Sequence[Rule], uses: Mapping[str, int]
    ) -> dict[str, tuple[int, int]]:  # fmt: skip
        """Counts uses of many values in one statement.

        Args:
            uses: how many by value.

        Returns:
            for each value, how many of them all rules allow, and seconds until it may be used again where that is
            not all of them.
        """
        asked = [(rule, value, count) for rule in rules for value, count in uses.items()]
        keys = [self._index.of(value, within=rule.name.encode()) for rule, value, _ in asked]
        counted = await _count_each(conn, [rule for rule, _, _ in asked], keys, [count for _, _, count in asked])
        allowed = {value: (count, 0) for value, count in uses.items()}
        for (rule, value, count), key in zip(asked, keys, strict=True):
            total, ends_in_s = counted[rule.name, key]
            most = max(1, int(rule.limit * self._factor))
            left = min(count, max(0, most - (total - count)))
            if left < count:
                allowed[value] = (min(allowed[value][0], left), max(allowed[value][1], ends_in_s))
        return allowed

    async def require(self, conn: Connection, rules: Sequence[Rule], value: str, count: int = 1) -> None:
        """Counts uses of ``value``, all or none of them; an empty one, which is not known, is not counted.

        Raises:
            TooManyRequests: a rule does not allow it.
        """
        if not value:
            return
        allowed, wait_s = (await self.use_each(conn, rules, {value: count}))[value]
        if allowed < count:
            raise TooManyRequests(retry_after_s=wait_s)


async def sweep(conn: Connection) -> None:
    """Deletes counters whose window has ended."""
    await conn.execute("DELETE FROM rate_uses WHERE ends_at <= now()")


async def _count(conn: Connection, rule: Rule, key: bytes) -> tuple[int, int]:
    """Uses in the window with this one, and seconds until it ends.

    The clock is read anew for each: one who waited for another's transaction began before that one's window.
    """
    cursor = await conn.execute(
        "INSERT INTO rate_uses AS known (rule, key, uses, ends_at)"
        " VALUES (%(rule)s, %(key)s, 1, clock_timestamp() + make_interval(secs => %(window_s)s))"
        " ON CONFLICT (rule, key) DO UPDATE SET"
        " uses = CASE WHEN known.ends_at <= clock_timestamp() THEN 1 ELSE known.uses + 1 END,"
        " ends_at = CASE WHEN known.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE known.ends_at END"
        " RETURNING uses, greatest(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::integer",
        {"rule": rule.name, "key": key, "window_s": rule.window_s},
    )
    ((uses, ends_in_s),) = await cursor.fetchall()
    return uses, ends_in_s


async def _count_each(
    conn: Connection, rules: Sequence[Rule], keys: Sequence[bytes], uses: Sequence[int]
) -> dict[tuple[str, bytes], tuple[int, int]]:
    """The same for several uses of several keys, in the order of the keys, so that none wait in a circle."""
    cursor = await conn.execute(
        "INSERT INTO rate_uses AS known (rule, key, uses, ends_at)"
        " SELECT rule, key, uses, clock_timestamp() + make_interval(secs => window_s)"
        " FROM unnest(%(rules)s::text[], %(keys)s::bytea[], %(uses)s::integer[], %(windows)s::integer[])"
        " AS item (rule, key, uses, window_s) ORDER BY rule, key"
        " ON CONFLICT (rule, key) DO UPDATE SET"
        " uses = CASE WHEN known.ends_at <= clock_timestamp() THEN excluded.uses ELSE known.uses + excluded.uses END,"
        " ends_at = CASE WHEN known.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE known.ends_at END"
        " RETURNING rule, key, uses, greatest(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::integer",
        {
            "rules": [rule.name for rule in rules],
            "keys": list(keys),
            "uses": list(uses),
            "windows": [rule.window_s for rule in rules],
        },
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in await cursor.fetchall()}
