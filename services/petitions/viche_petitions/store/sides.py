"""Where voices of each side lie: votes against apart from signatures, so that neither is taken for the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from viche_petitions.domain.sides import Side


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one side."""

    signatures: sql.Identifier
    tallies: sql.Identifier
    minutes: sql.Identifier

    def in_(self, query: sql.SQL) -> sql.Composed:
        """A query with ``{signatures}``, ``{tallies}`` and ``{minutes}`` for this side."""
        return query.format(signatures=self.signatures, tallies=self.tallies, minutes=self.minutes)


TABLES: Mapping[Side, Tables] = {
    Side.FOR: Tables(sql.Identifier("signatures"), sql.Identifier("tallies"), sql.Identifier("count_minutes")),
    Side.AGAINST: Tables(
        sql.Identifier("votes_against"), sql.Identifier("tallies_against"), sql.Identifier("count_minutes_against")
    ),
}
"""By side."""
