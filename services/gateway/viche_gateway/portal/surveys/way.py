"""Where answering goes on: on the portal, or inside the page of a partner. Addresses alone know the difference."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from flask import request, url_for
from viche.surveys.v1 import answers_pb2 as pb

from viche_gateway.clients.answering import AUDIENCE, SCOPE
from viche_gateway.context import client_network, services
from viche_gateway.embed.framing import Frame, frame
from viche_gateway.languages import current_language
from viche_gateway.sessions import Session, current_session

FRAMED = "framed_surveys"
_MOST_LANGUAGE = 40
_MOST_SECRET = 200


@dataclass(frozen=True, slots=True)
class Way:
    """The surroundings of an answer.

    Args:
        language: that the survey's texts are asked for in; the portal may not have it.
        invitation: secret of a link that lets somebody answer once; empty without one.
        frame: where this is inside the page of a partner.
    """

    language: str
    invitation: str = ""
    frame: Frame | None = field(default=None)

    @property
    def session(self) -> Session | None:
        """Who is signed in; nobody inside a frame, where there are no cookies."""
        return None if self.frame else current_session()

    @property
    def guard(self) -> str:
        """The name of the field that keeps forms from being sent by others; it is the first of every form."""
        return "frame" if self.frame else "csrf_token"

    def start(self, number: int) -> str:
        """Where the survey's own page is."""
        return url_for("portal.survey", number=number)

    def first(self, number: int) -> str:
        """Where an answer begins."""
        return self._to("survey_answer", number=number)

    def page(self, number: int, token: str, page: str = "") -> str:
        """Where a page of a draft is; without a name, the first that is not answered."""
        if not page:
            return self._to("survey_draft", number=number, token=token)
        return self._to("survey_draft_page", number=number, token=token, page=page)

    def saved(self, number: int, token: str, *, mailed: bool = False) -> str:
        """Where the private link of a draft is shown; whether it says that a mail was sent."""
        return self._to("survey_saved", number=number, token=token, **({"mailed": 1} if mailed else {}))

    def thanks(self, number: int) -> str:
        """Where people are thanked."""
        return self._to("survey_thanks", number=number)

    def portal(self, number: int) -> str:
        """Where the answer begins outside of any frame."""
        return replace(self, frame=None).first(number)

    def private_link(self, number: int, token: str) -> str:
        """The path that leads back to a draft, outside of any frame."""
        return replace(self, frame=None).page(number, token)

    def speaking(self, language: str) -> Self:
        """The same way in another language."""
        return replace(self, language=language)

    def respondent(self, survey_id: str, *, is_person: bool) -> pb.Respondent:
        """Who answers; who is signed in stays unknown where the survey does not count persons.

        Raises:
            DomainError: identity gives no token.
        """
        return pb.Respondent(
            scope_token=self._scope_token(survey_id) if is_person else "",
            invitation=self.invitation,
            partner_id=self.frame.partner_id if self.frame else "",
            network=client_network(),
        )

    def _scope_token(self, survey_id: str) -> str:
        session = self.session
        if session is None:
            return ""
        return services().identity.scope_token(session.access_token, AUDIENCE, SCOPE.format(survey_id))

    def _to(self, name: str, **values: Any) -> str:
        query: dict[str, Any] = dict(self.frame.query) if self.frame else {}
        if self.frame or self.language != current_language():
            query["lang"] = self.language
        if self.invitation:
            query["invitation"] = self.invitation
        return url_for(f"{FRAMED if self.frame else 'portal'}.{name}", **values, **query)


def way_here() -> Way:
    """The way that this request is on."""
    here = frame()
    asked = request.args.get("lang", "")[:_MOST_LANGUAGE]
    language = here.language if here else asked
    return Way(language or current_language(), request.args.get("invitation", "")[:_MOST_SECRET], here)
