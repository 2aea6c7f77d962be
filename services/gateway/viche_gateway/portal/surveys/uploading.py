"""Files that answer questions: taken with the page, told by their content, put where the surveys service says."""

from collections.abc import Sequence

from flask import request
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2
from werkzeug.datastructures import FileStorage

from viche_chassis.errors import DomainError
from viche_gateway import uploads
from viche_gateway.context import new_request_id, services
from viche_gateway.portal.surveys.way import Way

Faults = Sequence[tuple[str, str]]
MOST_FORM_BYTES = 64_000_000
MOST_FORM_PARTS = 5_000
DROPPED = "-drop"
_OF_FILE = frozenset({"FILE_TOO_LARGE", "FILE_TYPE_REFUSED", "NOT_A_FILE_QUESTION"})
_REASONS = {"WRONG_FILE_TYPE": "FILE_TYPE_REFUSED"}


def taken(way: Way, survey: surveys_pb2.Survey, fields: Sequence[pb.FormField]) -> tuple[list[pb.FormField], Faults]:
    """The fields with the files of this request in them, and what is wrong with files.

    Raises:
        DomainError: the service or the store does not answer, or nobody may answer any more.
    """
    dropped = frozenset(request.form.getlist(DROPPED))
    found = {each.name: each for each in fields if each.name not in dropped}
    faults: list[tuple[str, str]] = []
    for name, file in request.files.items():
        if not file.filename:
            continue
        try:
            found[name] = pb.FormField(name=name, values=[_put(way, survey, name, file)])
        except uploads.BadFile as fault:
            faults.append((name, _REASONS.get(fault.reason, fault.reason)))
        except DomainError as error:
            if error.reason not in _OF_FILE:
                raise
            faults.append((name, error.reason))
    return list(found.values()), faults


def _put(way: Way, survey: surveys_pb2.Survey, name: str, file: FileStorage) -> str:
    """The id of the file, which is noted first and then stored, so that none is lost."""
    upload = uploads.read(file)
    made = services().answering.create_upload(
        pb.CreateUploadRequest(
            request_id=new_request_id(),
            number=survey.number,
            question=name.rpartition(".")[2],
            filename=upload.file_name,
            media_type=upload.media_type,
            size_bytes=upload.size_bytes,
            respondent=way.respondent(survey.id, is_person=survey.settings.admission == surveys_pb2.ADMISSION_PERSON),
        )
    )
    services().objects.put(made.object_key, upload.stream, upload.size_bytes, upload.media_type)
    return made.file_id


def let_files_through(number: int) -> None:
    """Lets a page of a survey that asks for files be sent: more than a form's worth, before anything reads the body.

    Raises:
        DomainError: there is no such survey, or nobody knows.
    """
    if request.mimetype == "multipart/form-data" and services().surveys.known(number).takes_files:
        request.max_content_length = MOST_FORM_BYTES
        request.max_form_parts = MOST_FORM_PARTS
