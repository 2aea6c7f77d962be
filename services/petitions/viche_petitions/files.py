"""Files of answers: those that nobody uses are removed after some days."""

import asyncio

from viche_chassis.db import Pool, transaction
from viche_chassis.objects import ObjectStore
from viche_petitions.store import answers as store

MOST_AT_ONCE = 100


async def remove_unused(pool: Pool, objects: ObjectStore) -> int:
    """Removes files that neither an answer nor a draft uses: marked, then deleted from the store, then forgotten.

    Whoever is killed in between leaves marks, and the next one goes on with them.

    Returns:
        how many are gone.

    Raises:
        Unavailable: the store does not answer; what is marked waits.
    """
    async with transaction(pool) as conn:
        marked = await store.mark_unused(conn, MOST_AT_ONCE)
    for petition_id, document_id in marked:
        await asyncio.to_thread(objects.delete, f"petitions/{petition_id}/{document_id}")
    async with transaction(pool) as conn:
        await store.delete_removed(conn, [document_id for _, document_id in marked])
    return len(marked)
