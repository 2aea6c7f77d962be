"""Audit: what officers did, for those who operate the authorities that it concerns."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.trail import Page, Trail
from viche_gateway.console.people import operated
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in

ACTIONS = {
    "CreateGrant": N_("Gave a role"),
    "DeleteGrant": N_("Took a role back"),
    "UndeleteGrant": N_("Gave a role again"),
    "CreateDraftFor": N_("Wrote a petition for somebody"),
    "OpenPetition": N_("Opened a petition"),
    "ClosePetition": N_("Closed a petition"),
    "BatchImportPetitions": N_("Took petitions over from another system"),
    "ClaimCase": N_("Took a case"),
    "ReleaseCase": N_("Gave a case back"),
    "RejectPetition": N_("Rejected a petition"),
    "CreateCaseNote": N_("Wrote a note on a case"),
    "GiveOpinion": N_("Gave an opinion on a case"),
    "DecideComplaint": N_("Decided a complaint"),
    "PutAnswerTemplate": N_("Saved a template"),
    "DeleteAnswerTemplate": N_("Deleted a template"),
    "UndeleteAnswerTemplate": N_("Put a template back"),
    "SetWorkflowSettings": N_("Set the rules of petitions"),
    "RecordStep": N_("Recorded a step"),
    "ExtendDeadline": N_("Extended a deadline"),
    "PublishAnswer": N_("Published an answer"),
    "SaveAnswerDraft": N_("Saved a draft of an answer"),
    "CreateDocument": N_("Added a document"),
    "PublishHearing": N_("Published a hearing"),
    "RecordAppeal": N_("Recorded an appeal"),
    "CloseForEvent": N_("Closed petitions because of an event"),
    "CreatePaperBatch": N_("Entered signatures on paper"),
    "CreateInvalidation": N_("Removed signatures"),
    "CancelInvalidation": N_("Stopped removing signatures"),
    "UndoInvalidation": N_("Put signatures back"),
    "RecountPetitions": N_("Counted signatures anew"),
    "PutNotice": N_("Put up a notice for everybody"),
    "ConfirmOrganisation": N_("Confirmed an organisation"),
    "RefuseOrganisation": N_("Did not confirm an organisation"),
    "CreatePartner": N_("Registered a partner"),
    "UpdatePartner": N_("Changed a partner"),
    "ArchivePartner": N_("Archived a partner"),
    "NewPartnerLink": N_("Made a new link for a partner"),
    "EndNotice": N_("Took down a notice for everybody"),
    "CreatePause": N_("Decided a pause"),
    "EndPause": N_("Ended a pause before its time"),
    "ProlongTerms": N_("Prolonged terms by a pause"),
    "CreateSurvey": N_("Wrote a survey"),
    "UpdateSurvey": N_("Changed a survey"),
    "OpenSurvey": N_("Opened a survey"),
    "CloseSurvey": N_("Closed a survey"),
    "DeleteSurvey": N_("Threw a draft of a survey away"),
    "CreateInvitations": N_("Made links to a survey"),
    "ImportPollResults": N_("Entered counts of a poll on a platform"),
    "DeletePollResults": N_("Took counts of a poll on a platform away"),
    "CreateExport": N_("Asked for a file with all answers to a survey"),
    "CancelExport": N_("Threw a file with answers to a survey away"),
    "BatchImportResponses": N_("Took answers to a survey over from elsewhere"),
    "PutAccount": N_("Entered an account on a network"),
    "ImportRegister": N_("Took a register of accounts over"),
    "ImportFigures": N_("Took figures of accounts over"),
    "EndAccount": N_("Ended an account on a network"),
    "ConnectChannel": N_("Connected an account on a platform"),
    "BeginConsent": N_("Went to a platform to connect an account"),
    "FinishConsent": N_("Connected an account through the platform"),
    "RenewChannel": N_("Connected an account anew"),
    "PauseChannel": N_("Paused an account, or let it go on"),
    "RefreshChannel": N_("Asked a platform how an account is"),
    "DisconnectChannel": N_("Disconnected an account"),
    "CreatePost": N_("Began a post"),
    "UpdatePost": N_("Changed a post"),
    "SubmitPost": N_("Handed a post on for approval"),
    "ApprovePost": N_("Approved a post"),
    "SaveEdition": N_("Wrote a correction of a post"),
    "SubmitEdition": N_("Handed on a correction of a post"),
    "ApproveEdition": N_("Approved a correction of a post"),
    "ReturnEdition": N_("Gave a correction of a post back"),
    "DropEdition": N_("Threw a correction of a post away"),
    "ReturnPost": N_("Gave a post back"),
    "CancelPost": N_("Took a post back before it went out"),
    "DeletePost": N_("Threw a draft of a post away"),
    "WithdrawPost": N_("Withdrew a post"),
    "SettleDelivery": N_("Said whether a post has appeared"),
    "RetryDelivery": N_("Sent a post once more that was refused"),
    "AddMedia": N_("Added a file to posts"),
    "CreateEvent": N_("Began an event"),
    "UpdateEvent": N_("Changed an event"),
    "PublishEvent": N_("Published an event"),
    "CancelEvent": N_("Said that an event does not take place"),
    "DeleteEvent": N_("Threw a draft of an event away"),
    "NoteArrival": N_("Noted that somebody came to an event"),
    "UndoArrival": N_("Took back that somebody came to an event"),
    "AddRegistration": N_("Put somebody on the list of an event at the door"),
    "RemoveRegistration": N_("Removed somebody from the list of an event"),
    "ClaimThread": N_("Took a conversation"),
    "ReleaseThread": N_("Gave a conversation back"),
    "AssignThread": N_("Gave a conversation to a colleague"),
    "NoteDraftFromThread": N_("Began a petition from a conversation"),
    "SetLearning": N_("Let proposals be learnt from labels, or stopped it"),
    "ForgetErasedLabels": N_("Threw away labels of forgotten messages"),
    "AddThreadNote": N_("Wrote a note on a conversation"),
    "AnswerThread": N_("Answered a conversation"),
    "SettleReply": N_("Said whether an answer has appeared"),
    "RetryReply": N_("Sent an answer once more that was refused"),
    "HideItem": N_("Hid a comment, or showed it again"),
    "CloseThread": N_("Closed a conversation"),
    "ReopenThread": N_("Opened a conversation again"),
    "LabelThread": N_("Said what a conversation is about"),
    "EraseAuthor": N_("Forgot what a person wrote"),
    "PutCannedReply": N_("Saved a ready answer"),
    "DeleteCannedReply": N_("Deleted a ready answer"),
    "SetInboxSettings": N_("Set how fast people are to be answered"),
}


@access.operator
def audit() -> ResponseReturnValue:
    """What was done, the latest first; a form whose address can be passed on."""
    operated()
    form = Form({name: request.args.get(name, "").strip() for name in ("email", "since")})
    page, faults = _page(form)
    shown = render_template(
        "console/people/audit.html",
        form=Form(form.values, faults),
        page=page,
        words=lambda action: gettext(ACTIONS[action]) if action in ACTIONS else action,
    )
    return shown, 400 if faults else 200


def _page(form: Form) -> tuple[Page, dict[str, str]]:
    trail, token = Trail(services().channels), signed_in().access_token
    try:
        since = datetime.combine(date.fromisoformat(form.value("since")), time(), ZoneInfo(settings().timezone))
    except ValueError:
        if form.value("since"):
            return _NOTHING, {"since": sentences.sentence("BAD_DATE")}
        since = None
    try:
        officer = trail.officer(token, form.value("email")) if form.value("email") else None
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _NOTHING, dict(forms.refused(form, error).errors)
    if form.value("email") and officer is None:
        return _NOTHING, {"email": gettext("Nobody with this address holds or held a role.")}
    return trail.page(token, _before(), since, officer.pseudonym if officer else b""), {}


_NOTHING = Page((), {}, "")


def _before() -> str:
    try:
        return str(UUID(request.args.get("before", "")))
    except ValueError:
        return ""


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/audit", view_func=audit)
