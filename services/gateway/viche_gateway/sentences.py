"""Sentences for reasons: what a service's refusal says to a person, in the reader's language.

Services answer with a reason and values; forms and the API's problem details both take the sentence from here.
"""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext

from viche_chassis.errors import DomainError, FieldViolation, InvalidFields
from viche_gateway.formats import format_number, instant_text, wait_text
from viche_gateway.regions import localized, territory_name


def N_(text: str) -> str:
    """Marks a text for the catalogues; it is translated when it is used."""
    return text


SENTENCES: Mapping[str, str] = {
    # petitions and signatures
    "PETITION_NOT_FOUND": N_("There is no petition at this address."),
    "SNAPSHOT_NOT_FOUND": N_(
        "There is no snapshot of this day. One is written on each day, and none can be made later."
    ),
    "SIGNING_PAUSED": N_("Signing is paused until %(until)s. %(why)s"),
    "PETITIONS_PAUSED": N_("No petition opens until %(until)s. %(why)s"),
    "PAUSE_NOT_FOUND": N_("There is no such pause."),
    "PAUSE_OVER": N_("This pause is over already."),
    "NOT_OPEN": N_("This petition is not open for signatures."),
    "NO_VOTES_AGAINST": N_("By the rules of this petition people sign it or leave it; nobody votes against."),
    "NAMES_NOT_PUBLIC": N_("By the rules of this petition the names of those who sign are not published."),
    "NAME_NEEDED": N_("The names of those who sign this petition are published. Give your name and sign again."),
    "PENDING_CHANGED": N_("What you were asked to confirm has changed since you opened this page. Look once more."),
    "ALREADY_SIGNED": N_("You have signed this petition already. Your signature counts once."),
    "ASSURANCE_TOO_LOW": N_("To sign this petition you must show who you are by a stronger means than e-mail."),
    "OTHER_TERRITORY": N_("Only people who live here may sign this petition: %(territory)s."),
    "TOKEN_REFUSED": N_("Your sign-in has ended. Sign in again; nothing was lost."),
    "REQUEST_MISMATCH": N_("This was sent before with other contents. Open the page again and send it once more."),
    "BAD_EMAIL": N_("This is not an e-mail address. Write it like name@example.org."),
    "UNKNOWN_AUTHORITY": N_("Choose an authority from the list."),
    "UNKNOWN_TERRITORY": N_("Choose a place from the list."),
    "UNKNOWN_WORKFLOW": N_("There are no such rules for petitions here."),
    "TOO_MANY_DRAFTS": N_("You have as many drafts as one person may have. Finish or hand in one of them first."),
    "TOO_MANY_WRITTEN": N_(
        "%(limit)s petitions already wait for the person with this address. They decide about those first."
    ),
    "NOT_A_DRAFT": N_("This petition has been handed in, so it can no longer be changed."),
    "STALE_VERSION": N_(
        "The draft was changed in another window. Send this once more to replace that, or open the draft again."
    ),
    "NOT_SUBMITTED": N_("This petition does not wait for a decision any more."),
    "NOT_YOUR_AUTHORITY": N_("This belongs to an authority that you do not work for."),
    "WORKFLOW_NOT_SET_UP": N_("The authority has not set the rules of its petitions yet."),
    "SETTINGS_MISSING": N_("The authority has not set the figures of its petitions yet: %(settings)s."),
    # checking, and complaints about it
    "UNKNOWN_REASON": N_("Choose a reason from the list. These rules know no other."),
    "NO_SUCH_NUMBER": N_("There is no public petition with this number."),
    "CASE_TAKEN": N_("A colleague has taken this case in the meantime."),
    "OWN_OPINION": N_("You have asked for this opinion yourself, so a colleague has to give it."),
    "OPINION_GIVEN": N_("A colleague has answered this question in the meantime."),
    "QUESTION_NOT_FOUND": N_("Nobody has asked this question about the petition."),
    "NOT_REJECTED": N_("This petition is not rejected, so there is nothing to complain about."),
    "NO_COMPLAINT": N_("The rules of this petition name nobody to whom you could complain."),
    "ALREADY_COMPLAINED": N_("You have complained about this rejection already."),
    "FOUR_EYES": N_("You have rejected this petition yourself, so a colleague has to decide the complaint."),
    "NOTHING_TO_DECIDE": N_("No complaint about this petition waits any more."),
    "NOT_WITHDRAWABLE": N_(
        "Somebody has already decided about this petition or supports it, so you can no longer take it back."
    ),
    "TEMPLATE_NOT_FOUND": N_("There is no such template."),
    "NAME_TAKEN": N_("Another template of this authority has this name."),
    "UNKNOWN_VARIABLE": N_("%(value)s means nothing here. In braces you can write: %(choices)s."),
    "CHANNEL_NOT_ALLOWED": N_("The rules of this petition know no signatures on paper."),
    "REFERENCE_TAKEN": N_("Sheets with this register number have been entered for this petition already."),
    "CONFIRM_FIRST": N_("You signed in a while ago. Confirm that it is you, then do this once more."),
    "GRANT_UNKNOWN": N_("There is no such role."),
    "ROLE_HELD": N_("This person holds this role already for a part of that time. Take it back first."),
    "GRANT_OVER": N_("The time for which this role was given has passed."),
    "UNKNOWN_ROLE": N_("Choose a role from the list."),
    "NO_AUTHORITIES": N_("There is no authority yet that one could have a role in."),
    "PREVIEW_STALE": N_("The signatures have changed since you looked: there are %(signatures)s now. Look once more."),
    "INVALIDATION_NOT_FOUND": N_("There is no such decision."),
    "INVALIDATION_ENDED": N_("There is nothing left to stop."),
    "INVALIDATION_RUNNING": N_("Signatures are still being removed. Stop that first, or wait until it is done."),
    "ALREADY_UNDONE": N_("These signatures have been put back already."),
    "NOTHING_TO_UNDO": N_("There is nothing to put back."),
    "NOT_SPONSORING": N_("This petition does not look for supporters now."),
    "SPONSORS_COMPLETE": N_(
        "This petition has as many supporters as it may have before it opens. You can sign it once it is open."
    ),
    "OWN_PETITION": N_("This is your own petition. Others have to support it."),
    "COMMITTEE_REQUIRED": N_("Only a committee of at least %(limit)s members can start this petition."),
    "TOO_FEW_MEMBERS": N_("The committee needs at least %(limit)s members."),
    "TOO_MANY_MEMBERS": N_("The committee may have at most %(limit)s members."),
    "TOO_FEW_TERRITORIES": N_("The members must live in at least %(limit)s different territories."),
    "NUMBER_TAKEN": N_("Another petition has this number."),
    "BAD_ROW": N_("This row cannot be read."),
    # from the threshold to the answer
    "NOT_PUBLIC": N_("This can be done once the petition has opened."),
    "UNKNOWN_STEP": N_("The rules of this petition have no such step."),
    "STEP_TOO_EARLY": N_("This cannot have happened yet by then: what must come before it happened later."),
    "IN_THE_FUTURE": N_("This day has not come yet. Choose today or an earlier day."),
    "ALREADY_RECORDED": N_("This was noted before. It cannot be changed."),
    "NOT_EXTENDABLE": N_("By its rule this term cannot be prolonged."),
    "CLOCK_NOT_RUNNING": N_("This term does not run."),
    "ALREADY_EXTENDED": N_("This term was prolonged before. It can be prolonged once."),
    "TOO_LATE": N_("This term has run out, so it can no longer be prolonged."),
    "ANSWER_EARLY": N_("This petition still collects signatures. Say that you know it, then publish."),
    "ALREADY_ANSWERED": N_("This petition was answered already. You can correct the answer."),
    "STALE_ANSWER": N_("A colleague has changed the answer meanwhile. Look at it, then send this once more."),
    "UNKNOWN_DOCUMENT": N_("One of the documents is gone. Take it out and add it again."),
    "TOO_MANY_DOCUMENTS": N_("This petition has too many documents that nobody uses. Try again in a week."),
    "STALE_HEARING": N_("A colleague has said more of the hearings meanwhile. Open the case again."),
    "UNKNOWN_HEARING": N_("This petition has no such hearing."),
    "NOT_AN_APPEAL": N_("By its rules this petition does not become an appeal."),
    "OUTCOME_TOO_EARLY": N_("The hearing has not begun. Say what came of it afterwards."),
    "CANCELLED_WITH_OUTCOME": N_("A hearing that does not take place has no outcome."),
    "IN_THE_PAST": N_("This instant is over. Announce what is still to come."),
    "BAD_DAY_OR_HOUR": N_("Write a day and an hour, for instance 2026-03-01 and 14:30."),
    "BAD_ADDRESS": N_("Write a web address that begins with https://."),
    "NO_FILE": N_("Choose a file."),
    "EMPTY_FILE": N_("This file is empty."),
    "FILE_TOO_LARGE": N_("This file is too large. At most %(limit)s MB are taken."),
    "WRONG_FILE_TYPE": N_("This is no PDF, DOCX, ODT, XLSX, ODS, JPG or PNG file, whatever its name says."),
    # files with the answers to a survey
    "EXPORT_NOT_FOUND": N_("There is no such file. Files with answers are kept for seven days; have a new one made."),
    "UNKNOWN_FORMAT": N_("Choose a format from the list."),
    "EXPORT_FAILED": N_("The file could not be made. Try once more; if it fails again, tell those who run this site."),
    "WORKER_DIED": N_("The file could not be made, since its making was cut off again and again. Try once more."),
    # accounts on networks
    "ACCOUNT_NOT_FOUND": N_("There is no such account."),
    "REGISTER_IS_NEWER": N_("This register was read for %(read_on)s already. Take a newer state of it."),
    "BAD_SHORT_NAME": N_("Write a short name of at most 64 characters."),
    "NO_ACCOUNT_NAME": N_("Give the name of the account, or the platform's own id of it."),
    "VALUE_OR_REASON": N_("Give a number, or say why there is none."),
    "BAD_HANDLE": N_("Write the name of the account as the platform shows it, without spaces."),
    # accounts on platforms, and posts
    "UNKNOWN_CONNECTOR": N_("This portal cannot be connected with that platform."),
    "CONNECTOR_NOT_SET_UP": N_(
        "Those who run this site have not set up %(connector)s yet. What is missing: %(missing)s."
    ),
    "NEEDS_CONSENT": N_("This platform wants you to allow it there. Choose it from the list once more."),
    "PLACE_FORBIDS": N_("By the law here authorities may not use %(connector)s."),
    "ACCOUNT_TAKEN": N_("This account is connected already."),
    "ACCOUNT_REFUSED": N_("The platform does not let us in with what was entered. It says: %(detail)s"),
    "OTHER_ACCOUNT": N_(
        "This leads to another account: %(handle)s. Connect that one by itself, or sign in there as the right one."
    ),
    "PLATFORM_UNREACHABLE": N_(
        "The platform does not answer just now. Nothing was changed; try again in some minutes."
    ),
    "CONSENT_NOT_FOUND": N_("This took too long, or was begun by somebody else. Connect the account once more."),
    "CONSENT_REFUSED": N_("The platform did not allow it, so nothing is connected. It says: %(detail)s"),
    "CHANNEL_NOT_FOUND": N_("There is no such account."),
    "UNKNOWN_CHANNEL": N_(
        "One of the accounts is not connected to this authority any more. Choose the accounts once more."
    ),
    "POST_NOT_FOUND": N_("There is no such post."),
    "POST_NOT_EDITABLE": N_("This post is under way, so it stays as it is. Take it back first, or write a correction."),
    "POST_HAS_PROBLEMS": N_("Something keeps this post from going out. It is said below, where it stands."),
    "POST_NOT_SUBMITTED": N_("This post does not wait for approval any more."),
    "OWN_POST": N_("You have written this post yourself, so a colleague has to approve it."),
    "POST_IS_OUT": N_("Some of it is out already, or may be. You can withdraw it, or write a correction."),
    "POST_NOT_OUT": N_("This post is not out."),
    "EDITION_NOT_FOUND": N_("No correction of this post is being written."),
    "EDITION_NOT_EDITABLE": N_("This correction waits for approval, so it stays as it is. Give it back first."),
    "EDITION_NOT_SUBMITTED": N_("This correction does not wait for approval any more."),
    "NOTHING_CHANGED": N_("This says what the post says already. Change something first."),
    "DELIVERY_NOT_FOUND": N_("There is no such delivery."),
    "DELIVERY_IS_CERTAIN": N_("It is known by now what became of this, so nobody needs to look."),
    "DELIVERY_NOT_REFUSED": N_("This was not refused, so there is nothing to send once more."),
    "FILE_NOT_READABLE": N_("This is no JPEG, PNG or WebP picture and no MP4 video, whatever its name says."),
    "MEDIA_NOT_FOUND": N_("There is no such file."),
    "THREAD_NOT_FOUND": N_("There is no such conversation."),
    "ITEM_NOT_FOUND": N_("What you want to answer is not there any more. Read the conversation once more."),
    "NOT_A_COLLEAGUE": N_("Whoever you chose holds no role here any more that answers people. Choose somebody else."),
    "CANNOT_ANSWER": N_("This cannot be answered from here. The page of the conversation says why."),
    "CANNOT_HIDE": N_("The platform does not let us hide this, or it is not there any more."),
    "REPLY_NOT_FOUND": N_("There is no such answer."),
    "REPLY_IS_CERTAIN": N_("It is known by now what became of this answer, so nobody needs to look."),
    "REPLY_NOT_REFUSED": N_("This answer was not refused, so there is nothing to send once more."),
    "CANNED_REPLY_NOT_FOUND": N_("This ready answer is not there any more."),
    "HOOK_NOT_FOUND": N_("Nothing is sent to this address."),
    "HOOK_MALFORMED": N_("This is not written as the platform writes: it is cut off, or holds what no text holds."),
    "HOOK_REFUSED": N_("This was not signed by the platform, or too long ago."),
    "NOT_AN_ADDRESS": N_("Write an address that begins with https://, for instance %(example)s."),
    "NOT_LIKE_EXAMPLE": N_("This is not written as expected. An example: %(example)s."),
    # public events
    "EVENT_NOT_FOUND": N_("There is no event at this address."),
    "EVENT_NOT_EDITABLE": N_("This event can no longer be changed in this way. Open its page again."),
    "EVENT_HAS_PROBLEMS": N_("Something keeps this event from being published. It is said below, where it stands."),
    "EVENT_NOT_PUBLISHED": N_("This event is not published, or it does not take place."),
    "EVENT_CANCELLED": N_("This event does not take place."),
    "EVENT_IS_OVER": N_("This event has begun or is over already."),
    "EVENT_FULL": N_("All places are taken."),
    "SEATS_ARE_TAKEN": N_("People have taken %(taken)s places already, so there cannot be fewer."),
    "TOO_MANY_SEATS": N_("One person may take %(most)s places at most."),
    "REGISTRATION_NOT_NEEDED": N_("Nobody needs to register for this event. Just come."),
    "REGISTRATION_CLOSED": N_("The time for registering is over."),
    "REGISTRATION_NOT_FOUND": N_(
        "We do not know this registration. It may have been deleted after the event, or the link was not copied whole."
    ),
    "REGISTRATION_EXPIRED": N_(
        "The link in the mail was not used in time, so the places went to others. Register anew."
    ),
    "NOT_REGISTERED": N_("This registration was given back or taken away."),
    "PEOPLE_ARE_DELETED": N_("The names of those who registered are deleted already, so nobody can be added any more."),
    "NOT_COORDINATES": N_("Write latitude and longitude with a comma between them, for instance 50.4501, 30.5234."),
    "NOT_AN_INSTANT": N_("Write an instant with its offset, for instance 2026-03-01T14:00:00Z."),
    "NOT_AN_HOUR": N_("Write an hour, for instance 18:30."),
    # writing surveys
    "STEP_TOO_FINE": N_("The step cannot be smaller than %(least)s."),
    "STEP_TOO_WIDE": N_("The step is wider than the numbers that are taken: it can be %(most)s at most."),
    "BAD_DEFINITION": N_("This survey cannot be answered as it is written. Look at what is wrong with it."),
    "SURVEY_CLOSED": N_("This survey is closed, so it stays as it is."),
    "SURVEY_NOT_OPEN": N_("This survey is not open."),
    "SURVEY_NOT_EMPTY": N_("This survey was opened or has answers, so it cannot be thrown away."),
    "CLOSES_TOO_SOON": N_("The survey must close after it opens, and not before now."),
    "FIXED_BY_ANSWERS": N_("Somebody has answered this survey already, so this stays as it is."),
    "FIXED_BY_OPENING": N_("The survey is open already, so this stays as it is."),
    "NOT_BY_LINK": N_("This survey is not answered by links that are given out."),
    "SURVEY_OPEN": N_("While a survey is open, answers from elsewhere are not taken over into it."),
    "RESULTS_NOT_PUBLIC": N_("The results of this survey are not shown, or not yet."),
    "NO_SNAPSHOT": N_("The answers are still being prepared for tables. Try again in a few minutes."),
    "UNKNOWN_QUESTION": N_("Choose a question of this survey from the list."),
    "SHARES_NOT_WHOLE": N_("The shares of the answers to %(value)s must add up to the whole."),
    "NOBODY_ANSWERED": N_("Nobody has answered %(value)s, so its share cannot be reached by weights. Leave it out."),
    "PERSONAL_NOT_ALLOWED": N_("Answers to personal questions are for people with another role."),
    # answering surveys
    "UNKNOWN_FORM": N_("We cannot read this file as a survey. Upload an XLSForm, LimeSurvey or SurveyJS file."),
    "SURVEY_NOT_FOUND": N_("There is no survey at this address."),
    "DRAFT_NOT_FOUND": N_(
        "We do not know this link. What was begun may have been sent already, or lain unused for too long."
    ),
    "DRAFT_OUTDATED": N_("The questions were changed while you answered. What still fits was kept; look once more."),
    "OUTDATED_VERSION": N_("The questions were changed while you answered. What still fits was kept; look once more."),
    "INVITATION_REFUSED": N_("This survey is answered with a link that was given out, and we do not know this one."),
    "INVITATION_USED": N_("This link has been used to answer already. Each one is good for one answer."),
    "SIGN_IN_NEEDED": N_("This survey counts each person once. Sign in to answer it."),
    "QUOTA_FULL": N_("Enough people like you have answered this survey already. Thank you for your time."),
    "ANSWERS_REFUSED": N_("Some answers need another look."),
    "FILE_TYPE_REFUSED": N_("This question does not take files of this kind, whatever the name says."),
    "FILES_ON_THE_PORTAL": N_("Files are taken on the portal alone. Answer this survey there."),
    "NOT_A_FILE_QUESTION": N_("This question does not take files."),
    # expressions of a survey
    "EXPRESSION_SYNTAX": N_("This expression cannot be understood: %(text)s."),
    "EXPRESSION_UNKNOWN_NAME": N_("No question whose answer can be used here is called %(name)s."),
    "EXPRESSION_LATER": N_("The answer to %(name)s is not known here yet: only questions before this one can be used."),
    "EXPRESSION_UNKNOWN_FUNCTION": N_("Expressions have no function that is called %(function)s."),
    "EXPRESSION_ARGUMENTS": N_("%(function)s is given too few or too many values."),
    "EXPRESSION_NOT_TAKEN": N_("%(function)s cannot be used in expressions here."),
    "EXPRESSION_PATTERN": N_("This pattern cannot be used: %(text)s. Write it like name.matches('^[0-9]+$')."),
    "EXPRESSION_TOO_LONG": N_("This expression is too long. At most %(limit)s characters fit."),
    "EXPRESSION_TOO_DEEP": N_("This expression is nested too deep. Move a part of it to a calculated question."),
    # links, sessions and access
    "LINK_EXPIRED": N_("This link has expired. Ask for a new one; it takes a minute."),
    "MESSAGE_NOT_FOUND": N_("There is no such message."),
    "LINK_USED": N_("This link has been used already. Ask for a new one."),
    "LINK_UNKNOWN": N_("We do not know this link. Check that the whole address was copied from the e-mail."),
    "PASSKEYS_OFF": N_("This portal has an address for which browsers make no passkeys. Sign in by e-mail."),
    "NO_PASSKEY": N_("You have not added a passkey yet. Confirm by e-mail."),
    "CEREMONY_OVER": N_("That took too long, or was done before. Press the button once more."),
    "PASSKEY_REFUSED": N_("This passkey did not fit. Try again, or sign in by e-mail."),
    "PASSKEY_UNKNOWN": N_("We do not know this passkey. It may have been removed here; sign in by e-mail."),
    "PASSKEY_UNVERIFIED": N_(
        "Your device has not checked that it is you. People with a role need a passkey with a fingerprint, a face or a"
        " PIN; or they sign in by e-mail."
    ),
    "PASSKEY_COPIED": N_(
        "There seems to be a copy of this passkey, so it does not sign in. Sign in by e-mail, and remove it."
    ),
    "PASSKEY_TAKEN": N_("This passkey was added before."),
    "TOO_MANY_PASSKEYS": N_("You have %(limit)s passkeys, as many as one person may have. Remove one first."),
    # organisations that people act for
    "ORGANISATION_UNKNOWN": N_("You belong to no such organisation."),
    "NOT_REPRESENTATIVE": N_("Only those who represent the organisation can do this."),
    "ORGANISATION_NOT_CONFIRMED": N_("This organisation is not confirmed, so nobody can act for it yet."),
    "LAST_REPRESENTATIVE": N_("Somebody must represent the organisation. Invite another representative first."),
    "ORGANISATION_CHANGED": N_("This organisation has changed since you looked. Look once more, then decide."),
    "OWN_ORGANISATION": N_("You belong to this organisation, so a colleague has to decide."),
    "ORGANISATION_TAKEN": N_("Another organisation is confirmed under this number of the register."),
    "TOO_MANY_ORGANISATIONS": N_("You belong to %(limit)s organisations, as many as one person may."),
    "TOO_MANY_INVITATIONS": N_("%(limit)s invitations wait to be used already. Use those, or wait until they end."),
    "PROVIDER_UNKNOWN": N_("This way to sign in is not offered here any more. Sign in by e-mail."),
    "PROVIDER_UNAVAILABLE": N_(
        "The service that should say who you are does not answer. Try again later, or sign in by e-mail."
    ),
    "PROVIDER_REFUSED": N_(
        "The service that should say who you are gave an answer that we cannot rely on. Try again, or sign in by"
        " e-mail."
    ),
    "TURNED_BACK": N_("You turned back before the end. Nothing has happened."),
    "ATTEMPT_OVER": N_("This took too long, or it was begun in another browser. Begin again here."),
    "ALREADY_CONNECTED": N_(
        "This identity is or was connected with an account here, and no other account can use it."
        " Sign in to that account by e-mail or another way."
    ),
    "OTHER_PERSON": N_("You showed who you are as somebody else than who is signed in here."),
    "NOT_ASKED_ANEW": N_("The service did not ask you anew who you are. Confirm by e-mail."),
    "LAST_WAY_IN": N_("This is your only way in. Add an e-mail address first."),
    "ADDRESS_HELD": N_("You have an e-mail address here already."),
    "SESSION_ENDED": N_("Your sign-in has ended. Sign in again; nothing was lost."),
    "UNAUTHENTICATED": N_("Sign in first."),
    "ACCESS_DENIED": N_("This page is for people with another role."),
    "ACCESS_UNSTATED": N_("This page is for people with another role."),
    # fields
    "INVALID_FIELDS": N_("Some answers need another look."),
    "REQUIRED": N_("This answer is missing."),
    "TOO_LONG": N_("This is too long. At most %(limit)s characters fit."),
    "TOO_SHORT": N_("This is too short. Write at least %(limit)s characters."),
    "TOO_MANY": N_("These are too many. At most %(limit)s are taken at once."),
    "NOT_A_UUID": N_("This identifier is not written correctly."),
    "CONTROL_CHARACTERS": N_("This text has a character that cannot be stored."),
    "BAD_LANGUAGE": N_("Choose a language from the list."),
    "BAD_PATH": N_("This address does not lead to a page of the portal."),
    "NUL_BYTE": N_("This text has a character that cannot be stored."),
    "UNKNOWN_LANGUAGE": N_("Choose a language from the list."),
    "NOT_TEXT": N_("This text has a character that cannot be stored."),
    "UNKNOWN_FIELD": N_("There is no field of this name here."),
    "WRONG_TYPE": N_("This value is of another type than the field takes."),
    "NOT_AN_OBJECT": N_("An object with named fields is expected here."),
    "UNKNOWN_VALUE": N_("Take one of these values: %(choices)s."),
    "OUT_OF_RANGE": N_("This number must lie between %(least)s and %(most)s."),
    "NOT_WHILE_OPEN": N_("Give a day on which the petition collects signatures, not later than today."),
    "TOO_EARLY": N_("The end must be later than the beginning."),
    "BAD_TIME": N_("Write a day and a time, for instance 2026-03-01T14:00."),
    "BAD_DATE": N_("Write a day of the calendar, for instance 2026-03-01."),
    "BAD_PAGE_TOKEN": N_("This page token is not one of ours. Begin with the first page."),
    # settings of a workflow, and facts that its rules need
    "MISSING": N_("This must be set."),
    "UNKNOWN": N_("These rules have no such setting."),
    "NO_COUNT": N_("There is no count behind “%(text)s”. Write it like Yes | 412."),
    "NOT_A_NUMBER": N_("Write a whole number in digits."),
    "TOO_SMALL": N_("This must be at least %(limit)s."),
    "TOO_LARGE": N_("This must be at most %(limit)s."),
    "NOT_A_BOOLEAN": N_("Choose yes or no."),
    "NOT_A_CHOICE": N_("Choose one of the list."),
    "NOT_ASCENDING": N_("This must be more than %(limit)s, which is the threshold before it."),
    "NO_TERRITORY": N_("The rules ask for the territory of the authority. Choose one."),
    "NO_LEVEL": N_("The rules depend on the level of the authority, which is not known."),
    "NO_POPULATION": N_("The rules depend on the number of inhabitants, which is not known."),
    "NO_OPENING_DAY": N_("The rules depend on the day of opening, which is not known."),
    "NO_REGISTRATION_DAY": N_("The rules depend on the day of registration, which is not known."),
    "NOT_COMPUTABLE": N_("With these figures the rules give no number. Look at the settings again."),
    # partners, and pages inside theirs
    "PARTNER_NOT_FOUND": N_("There is no such partner."),
    "PARTNER_ARCHIVED": N_("This partner is archived. Register it anew."),
    "ORIGIN_TAKEN": N_("%(origin)s belongs to another partner already."),
    "BAD_ORIGIN": N_("%(value)s is no address of a site. Write it like https://school.example."),
    "ORIGIN_NOT_HTTPS": N_("%(value)s must begin with https://. Only a machine of one's own does without."),
    "ORIGIN_HAS_PATH": N_("Leave out what follows the name of the site in %(value)s."),
    "ORIGIN_WILDCARD": N_("%(value)s stands for many sites. Write each one by itself."),
    "FOREIGN_ORIGIN": N_(
        "This was sent from a page at another address, so it was not taken. Open the survey on the portal and answer"
        " it there."
    ),
    # requests
    "TOO_MANY_REQUESTS": N_("That was too often. Try again in %(wait)s."),
    "NOT_FOUND": N_("There is no page at this address."),
    "WRONG_HOST": N_("The portal is at another address."),
    "OBJECT_NOT_FOUND": N_("There is no such file."),
    "BAD_OBJECT_KEY": N_("A file cannot be kept under this name."),
    "UNAVAILABLE": N_("A part of the service does not answer just now. Nothing was lost; try again in a minute."),
    "MAINTENANCE": N_("Work is being done on this portal. You can read everything; send this again in a while."),
    "INTERNAL": N_("Something broke on our side. Nothing was lost, and we have a record of it."),
    "FORM_EXPIRED": N_("The form had been open for too long. Go back, load the page again and send it once more."),
    "FILES_TOO_LARGE": N_("These files are too large to be sent at once."),
    "BODY_TOO_LARGE": N_("This is more than we can take at once."),
    "UNREADABLE": N_("We could not read what was sent."),
    "NOT_JSON": N_("What was sent is not JSON."),
    "NOT_UTF8": N_("What was sent is not text in UTF-8."),
    "METHOD_NOT_ALLOWED": N_("This address does not take requests of this kind."),
    "UNSUPPORTED_MEDIA_TYPE": N_("What was sent is not of a type that this address takes."),
    "FAILED": N_("This could not be done."),
}


def sentence(reason: str, values: Mapping[str, str] | None = None) -> str:
    """The sentence for ``reason`` with ``values`` in it, for the reader of this request.

    An unknown reason gets the sentence of FAILED.
    """
    text = gettext(SENTENCES.get(reason, SENTENCES["FAILED"]))
    return text % _spoken(values or {}) if "%(" in text else text


def of(error: DomainError) -> str:
    """The sentence for an error."""
    return sentence(error.reason, error.values)


def of_fields(error: DomainError) -> dict[str, str]:
    """Field names to sentences; empty when the error names no fields."""
    if not isinstance(error, InvalidFields):
        return {}
    return {violation.field: of_violation(violation) for violation in error.violations}


def of_violation(violation: FieldViolation) -> str:
    """The sentence for one field; where it comes with a sentence of its own, that one."""
    return violation.values.get("message") or sentence(violation.reason, violation.values)


class _Spoken(dict[str, str]):
    """Values as a person says them; one that is missing becomes a dash instead of an error page."""

    def __missing__(self, key: str) -> str:
        return "–"


def _spoken(values: Mapping[str, str]) -> _Spoken:
    spoken = _Spoken(values)
    if code := values.get("territory_code") or values.get("territory"):
        spoken["territory"] = territory_name(code)
    if "limit" in values and values["limit"].isdigit():
        spoken["limit"] = format_number(int(values["limit"]))
    if "until" in values:
        spoken["until"] = instant_text(datetime.fromisoformat(values["until"]))
        reasons = {name.removeprefix("why."): text for name, text in values.items() if name.startswith("why.")}
        spoken["why"] = localized(reasons)
    spoken["wait"] = wait_text(float(values.get("retry_after_s") or 60))
    return spoken
