"""Files that are announced before they are put into the object store."""

from viche.surveys.v1 import answers_pb2 as pb

from viche_chassis.db import Connection, Pool, reading
from viche_chassis.once import once
from viche_chassis.rates import Rates
from viche_surveys.admission import Admissions, Who
from viche_surveys.live import LiveSurveys, check_open
from viche_surveys.rates import UPLOAD_KILOBYTES, UPLOADS
from viche_surveys.store import answered, files
from viche_surveys.uploads import Uploads


class Announcing:
    """Notes files of people who may answer."""

    def __init__(
        self, pool: Pool, surveys: LiveSurveys, admissions: Admissions, uploads: Uploads, rates: Rates
    ) -> None:  # fmt: skip
        self._pool = pool
        self._surveys = surveys
        self._admissions = admissions
        self._uploads = uploads
        self._rates = rates

    async def announce(self, request: pb.CreateUploadRequest, who: Who) -> pb.CreateUploadResponse:
        """Where a file goes that answers a question.

        Raises:
            NotAFileQuestion, FileTooLarge, FileTypeRefused, TooManyRequests, and those of answering.
        """
        live = await self._surveys.fresh(request.number)
        async with reading(self._pool) as conn:
            check_open(live, is_open=await answered.is_open(conn, live.id))
        await self._admissions.admit(live, who)
        file = self._uploads.announced(
            live, request.question, request.filename, request.media_type, request.size_bytes
        )  # fmt: skip

        async def act(conn: Connection) -> pb.CreateUploadResponse:
            await self._rates.require(conn, UPLOADS, who.network)
            await self._rates.require(conn, UPLOAD_KILOBYTES, who.network, -(-file.size_bytes // 1_000))
            await files.add(conn, file)
            return pb.CreateUploadResponse(file_id=str(file.id), object_key=file.object_key)

        return await once(self._pool, None, _without_proof(request), pb.CreateUploadResponse, act)


def _without_proof(request: pb.CreateUploadRequest) -> pb.CreateUploadRequest:
    """The request as a repeat has it too: a scope token is another one each time."""
    same = pb.CreateUploadRequest()
    same.CopyFrom(request)
    same.respondent.ClearField("scope_token")
    same.respondent.ClearField("network")
    return same
