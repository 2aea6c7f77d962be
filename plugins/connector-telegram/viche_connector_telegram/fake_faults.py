"""How the Bot API refuses, in the words of its server (tdlib/telegram-bot-api, Client.cpp)."""

from viche_sdk.connectors.testing import Fault, Reply, reply
from viche_sdk.connectors.types import (
    AuthExpired,
    InvalidContent,
    NotFound,
    Operation,
    PermissionDenied,
    PolicyRejected,
    Transient,
    Unsupported,
)

WRITING = (Operation.PUBLISH, Operation.EDIT, Operation.REPLY)
READING = (Operation.PROBE, Operation.FETCH_INBOX, Operation.METRICS)


def said(code: int, description: str, **parameters: int) -> Reply:
    """A refusal."""
    more = {"parameters": parameters} if parameters else {}
    return reply({"ok": False, "error_code": code, "description": description, **more}, code)


WEBHOOK_SET = said(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")

FAULTS = (
    Fault("token revoked", said(401, "Unauthorized"), AuthExpired, (*WRITING, *READING, Operation.DELETE)),
    Fault("no such token", said(404, "Not Found"), AuthExpired, (Operation.PROBE, Operation.PUBLISH)),
    Fault("no member", said(403, "Forbidden: bot is not a member of the channel chat"), PermissionDenied, WRITING),
    Fault(
        "taken out",
        said(403, "Forbidden: bot was kicked from the channel chat"),
        PermissionDenied,
        (Operation.PUBLISH, Operation.PROBE, Operation.METRICS),
    ),
    Fault("blocked by the person", said(403, "Forbidden: bot was blocked by the user"), PermissionDenied, WRITING[2:]),
    Fault(
        "no right",
        said(400, "Bad Request: need administrator rights in the channel chat"),
        PermissionDenied,
        (Operation.PUBLISH,),
    ),
    Fault("may not write", said(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), PermissionDenied, WRITING),
    Fault(
        "no such channel",
        said(400, "Bad Request: chat not found"),
        NotFound,
        (Operation.PROBE, Operation.PUBLISH, Operation.METRICS),
    ),
    Fault("question gone", said(400, "Bad Request: message to be replied not found"), NotFound, WRITING[2:]),
    Fault("post gone", said(400, "Bad Request: message to edit not found"), NotFound, (Operation.EDIT,)),
    Fault("gone already", said(400, "Bad Request: message to delete not found"), NotFound, (Operation.DELETE,)),
    Fault(
        "after 48 hours",
        said(400, "Bad Request: message can't be deleted for everyone"),
        PolicyRejected,
        (Operation.DELETE,),
    ),
    Fault("too long", said(400, "Bad Request: message is too long"), InvalidContent, WRITING, fields={"field": "text"}),
    Fault(
        "caption too long",
        said(400, "Bad Request: message caption is too long"),
        InvalidContent,
        fields={"field": "text"},
    ),
    Fault(
        "bad picture",
        said(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        InvalidContent,
        fields={"field": "media"},
    ),
    Fault("file too large", said(413, "Request Entity Too Large"), InvalidContent, fields={"field": "media"}),
    Fault(
        "bad poll",
        said(400, "Bad Request: poll must have at least 2 option"),
        InvalidContent,
        fields={"field": "poll"},
    ),
    Fault(
        "another program reads just now",
        said(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
        Transient,
        (Operation.FETCH_INBOX,),
    ),
    Fault(
        "page of a proxy",
        Reply(403, b"<html>Forbidden</html>", "text/html"),
        Transient,
        READING,
    ),
    Fault(
        "a group and no channel",
        reply({"ok": True, "result": {"id": -5, "type": "group", "title": "Двір"}}),
        Unsupported,
        (Operation.PROBE,),
    ),
)
