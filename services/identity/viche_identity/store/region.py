"""Territories and authorities."""

from collections.abc import Collection, Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_identity.domain.region import Authority, Territory


async def lock(conn: Connection) -> None:
    """Makes those who change the trees wait for each other until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('viche_identity.region', 1))")


async def territories(conn: Connection) -> list[Territory]:
    """All territories, parents before children."""
    cursor = await conn.execute(
        "SELECT code, coalesce(parent_code, ''), name, population FROM territories ORDER BY cardinality(path), code"
    )
    return [Territory(*row) for row in await cursor.fetchall()]


async def territory_paths(conn: Connection, codes: Collection[str]) -> dict[str, list[str]]:
    """Paths of those codes that are known."""
    cursor = await conn.execute(
        "SELECT code, path FROM territories WHERE code = ANY(%(codes)s::text[])", {"codes": list(codes)}
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def put_territories(conn: Connection, items: Sequence[Territory]) -> None:
    """Adds territories or replaces them; the paths must be set afterwards."""
    await conn.execute(
        "INSERT INTO territories (code, parent_code, name, population)"
        " SELECT code, nullif(parent, ''), name, population"
        " FROM unnest(%(codes)s::text[], %(parents)s::text[], %(names)s::jsonb[], %(populations)s::bigint[])"
        " AS new (code, parent, name, population)"
        " ON CONFLICT (code) DO UPDATE SET parent_code = excluded.parent_code, name = excluded.name,"
        " population = excluded.population",
        {
            "codes": [each.code for each in items],
            "parents": [each.parent for each in items],
            "names": [Jsonb(dict(each.name)) for each in items],
            "populations": [each.population for each in items],
        },
    )


async def set_territory_paths(conn: Connection) -> None:
    """Computes the paths of all territories from their parents."""
    await conn.execute(
        "WITH RECURSIVE tree AS ("
        " SELECT code, ARRAY[code] AS path FROM territories WHERE parent_code IS NULL"
        " UNION ALL SELECT child.code, tree.path || child.code FROM territories AS child"
        " JOIN tree ON child.parent_code = tree.code)"
        " UPDATE territories SET path = tree.path FROM tree"
        " WHERE territories.code = tree.code AND territories.path <> tree.path"
    )


async def authorities(conn: Connection) -> list[Authority]:
    """All authorities, parents before children."""
    cursor = await conn.execute(
        "WITH RECURSIVE tree AS ("
        " SELECT slug, 0 AS depth FROM authorities WHERE parent_slug IS NULL"
        " UNION ALL SELECT child.slug, tree.depth + 1 FROM authorities AS child"
        " JOIN tree ON child.parent_slug = tree.slug)"
        " SELECT a.id, slug, coalesce(a.parent_slug, ''), a.name, a.territory_code, a.level, t.population"
        " FROM authorities AS a JOIN tree USING (slug) JOIN territories AS t ON t.code = a.territory_code"
        " ORDER BY tree.depth, slug"
    )
    return [Authority(*row) for row in await cursor.fetchall()]


async def put_authorities(conn: Connection, items: Sequence[Authority]) -> None:
    """Adds authorities or replaces them; those that are there keep their ids."""
    await conn.execute(
        "INSERT INTO authorities (id, slug, parent_slug, name, territory_code, level)"
        " SELECT id, slug, nullif(parent, ''), name, territory, level"
        " FROM unnest(%(ids)s::uuid[], %(slugs)s::text[], %(parents)s::text[], %(names)s::jsonb[],"
        " %(territories)s::text[], %(levels)s::text[]) AS new (id, slug, parent, name, territory, level)"
        " ON CONFLICT (slug) DO UPDATE SET parent_slug = excluded.parent_slug, name = excluded.name,"
        " territory_code = excluded.territory_code, level = excluded.level",
        {
            "ids": [each.id for each in items],
            "slugs": [each.slug for each in items],
            "parents": [each.parent for each in items],
            "names": [Jsonb(dict(each.name)) for each in items],
            "territories": [each.territory_code for each in items],
            "levels": [each.level for each in items],
        },
    )


async def authority_ids(conn: Connection, slug: str) -> list[UUID]:
    """The authority with this slug; without a slug, all at the top."""
    cursor = await conn.execute(
        "SELECT id FROM authorities WHERE CASE WHEN %(slug)s::text = '' THEN parent_slug IS NULL"
        " ELSE slug = %(slug)s END ORDER BY slug",
        {"slug": slug},
    )
    return [row[0] for row in await cursor.fetchall()]
