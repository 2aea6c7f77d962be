"""Following: who asks to be told of a petition without signing it.

A person follows under two pseudonyms, that of the petition, so that they can be told, and that of their own list, so
that they can see what they follow. They come in one call and are never stored together.
"""

from uuid import UUID

from viche_chassis.db import Pool, transaction
from viche_petitions.domain.errors import PetitionNotFound
from viche_petitions.domain.moderation_errors import NotPublic
from viche_petitions.store import audience as store
from viche_petitions.store import rows


class Following:
    """Followers of petitions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def follow(self, petition_id: UUID, follower: bytes, person: bytes) -> None:
        """Follows a petition that has opened.

        Raises:
            PetitionNotFound, NotPublic: there is nothing that could be followed.
        """
        async with transaction(self._pool) as conn:
            petition = await rows.get(conn, petition_id)
            if petition is None:
                raise PetitionNotFound()
            if petition.is_archived or petition.opened_at is None:
                raise NotPublic()
            await store.follow(conn, petition_id, follower)
            await store.put_on_list(conn, person, petition_id)

    async def unfollow(self, petition_id: UUID, follower: bytes, person: bytes) -> None:
        """Follows it no more."""
        async with transaction(self._pool) as conn:
            await store.unfollow(conn, petition_id, follower)
            await store.take_off_list(conn, person, petition_id)
