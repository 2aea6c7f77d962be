"""ExportsService."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.ids import new_id
from viche_chassis.messages import timestamp
from viche_chassis.objects import ObjectStore
from viche_chassis.once import once
from viche_surveys import writing
from viche_surveys.domain.exports import MOST_LISTED, Export, ExportNotFound, State, UnknownFormat, Wanted, file_name
from viche_surveys.exports.formats import FORMATS
from viche_surveys.store import exports as store

LINK_FOR = timedelta(minutes=10)
Context = Any


class ExportsServicer(results_pb2_grpc.ExportsServiceServicer):
    """Files with all answers of a survey; `exporting.py` makes them."""

    def __init__(self, pool: Pool, objects: ObjectStore) -> None:
        self._pool = pool
        self._objects = objects

    async def CreateExport(self, request: pb.CreateExportRequest, context: Context) -> pb.CreateExportResponse:
        if request.format not in FORMATS:
            raise UnknownFormat()

        async def act(conn: Connection) -> pb.CreateExportResponse:
            survey = await writing.covered(conn, UUID(request.survey_id))
            if request.with_personal:
                acts.about(object=f"personal_answers:{survey.id}")
            wanted = Wanted(
                id=new_id(), survey_id=survey.id, format=request.format, language=request.language,
                with_personal=request.with_personal, file_name=file_name(survey.number, survey.id, request.format),
            )  # fmt: skip
            await store.insert(conn, wanted)
            return pb.CreateExportResponse(export=_message(await _must_get(conn, wanted.id)))

        return await once(self._pool, current_caller().person, request, pb.CreateExportResponse, act)

    async def GetExport(self, request: pb.GetExportRequest, context: Context) -> pb.GetExportResponse:
        async with reading(self._pool) as conn:
            export = await _covered(conn, UUID(request.export_id))
        if export.state is not State.DONE:
            return pb.GetExportResponse(export=_message(export))
        link = await asyncio.to_thread(self._objects.presigned_get, export.file_key, LINK_FOR)
        return pb.GetExportResponse(
            export=_message(export), download_url=link or "", object_key=export.file_key,
            codebook_key=export.codebook_key,
        )  # fmt: skip

    async def ListExports(self, request: pb.ListExportsRequest, context: Context) -> pb.ListExportsResponse:
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            found = await store.of_survey(conn, survey.id, MOST_LISTED)
        return pb.ListExportsResponse(exports=map(_message, found))

    async def CancelExport(self, request: pb.CancelExportRequest, context: Context) -> pb.CancelExportResponse:
        async def act(conn: Connection) -> pb.CancelExportResponse:
            export = await _covered(conn, UUID(request.export_id))
            acts.about(object=f"export:{export.id}")
            await store.cancel(conn, export.id)
            return pb.CancelExportResponse(export=_message(await _must_get(conn, export.id)))

        return await once(self._pool, current_caller().person, request, pb.CancelExportResponse, act)


async def _covered(conn: Connection, id: UUID) -> Export:
    """An export, for those who may act for the authority of its survey.

    Raises:
        ExportNotFound, NotYourAuthority: they see none.
    """
    export = await _must_get(conn, id)
    await writing.covered(conn, export.survey_id)
    return export


async def _must_get(conn: Connection, id: UUID) -> Export:
    export = await store.get(conn, id)
    if export is None:
        raise ExportNotFound()
    return export


def _message(export: Export) -> pb.Export:
    return pb.Export(
        id=str(export.id), survey_id=str(export.survey_id), format=export.format, state=export.state,
        written=export.written, total=export.total, size_bytes=export.size_bytes,
        created_at=timestamp(export.created_at), expires_at=timestamp(export.expires_at), reason=export.reason,
        with_personal=export.with_personal,
    )  # fmt: skip
