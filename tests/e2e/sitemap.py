"""Every page that people can reach, and how a test gets there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.e2e.inviting import drafted_event, office_event, public_event
from tests.e2e.people import AUTHOR, CITIZEN, COLLEAGUE, NEIGHBOUR, OFFICER, OPERATOR, REJECTED, SPONSORED

WEIGHTED = (
    "rows=worth&columns=age&only=rooms+quiet&only=rooms+cafe&only=hours.sunday+day"
    "&weigh=visits&share:visits:weekly=20&share:visits:monthly=30&share:visits:rarely=30&share:visits:never=20"
)
"""Of a table: filters and shares."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its name, who sees it, and its path in the default language, or how to find it."""

    name: str
    path: str | Callable[[Page], str]
    who: str = ""


def open_petition(page: Page) -> str:
    """The path of a petition that collects."""
    return _first(page, "/petitions?state=open", ".petitions__title a")


def draft(page: Page) -> str:
    """The path of the author's draft; starts one where there is none."""
    page.goto("/me")
    found = page.locator(".petitions__title a[href*='/drafts/'][href$='/check']")
    if found.count() == 0:
        page.goto("/petitions/start")
        page.locator("#title").fill("Benches along the river walk in Soniachne")
        page.locator("main form button").click()
        page.wait_for_url(re.compile("/(text|similar)$"))
        return page.url.split("/drafts/")[1].split("/")[0]
    return (found.first.get_attribute("href") or "").split("/drafts/")[1].split("/")[0]


def draft_like_another(page: Page) -> str:
    """The path of a draft of the author's whose title is that of a petition; starts one where there is none."""
    page.goto("/petitions?state=open")
    title = page.locator(".petitions__title a").first.inner_text()
    page.goto("/me")
    found = page.locator(".petitions__title a[href*='/drafts/'][href$='/check']").filter(has_text=title)
    if found.count() == 0:
        page.goto("/petitions/start")
        page.locator("#title").fill(title)
        page.locator("main form button").click()
        page.wait_for_url(re.compile("/(text|similar)$"))
        return page.url.split("/drafts/")[1].split("/")[0]
    return (found.first.get_attribute("href") or "").split("/drafts/")[1].split("/")[0]


def case(page: Page) -> str:
    """The path of a case that waits."""
    return _first(page, "/console", ".queue__title")


def rejected_petition(page: Page) -> str:
    """The path of a petition that was rejected."""
    return _first(page, "/petitions?state=rejected", ".petitions__title a")


def hidden_petition(page: Page) -> str:
    """The path of a petition that was rejected and whose text is not shown."""
    page.goto("/petitions?state=rejected")
    title = page.locator(".petitions__title a").filter(has_text="Petition")
    return title.first.get_attribute("href") or ""


def named(words: str) -> Callable[[Page], str]:
    """Finds the path of a petition by words of its title."""
    return lambda page: _first(page, f"/petitions?q={words}", ".petitions__title a")


def named_case(words: str) -> Callable[[Page], str]:
    """Finds the path of a case by words of its title."""

    def find(page: Page) -> str:
        page.goto("/console")
        return page.locator(".queue__title").filter(has_text=words).first.get_attribute("href") or ""

    return find


def supporters(page: Page) -> str:
    """The path on which an author finds the link for supporters."""
    return _first(page, "/me", "main a[href$='/supporters']")


def invitation(page: Page) -> str:
    """The path of the link that supporters are sent."""
    page.goto(supporters(page))
    return urlsplit(page.locator("main .govuk-inset-text").first.inner_text()).path


def collecting_case(page: Page) -> str:
    """The path of a case that collects signatures."""
    page.goto("/console")
    return page.locator("table").last.locator(".queue__title").first.get_attribute("href") or ""


def _first(page: Page, path: str, selector: str) -> str:
    page.goto(path)
    return page.locator(selector).first.get_attribute("href") or ""


def _when_there(page: Page, path: str, selector: str) -> Locator:
    """What a page shows sooner or later."""
    for _ in range(90):
        page.goto(path)
        if (found := page.locator(selector)).count():
            return found
        page.wait_for_timeout(1000)
    raise AssertionError(f"nothing has come to {path}")


def partner(page: Page) -> str:
    """The path of a partner; registers one where there is none."""
    page.goto("/console/partners")
    found = page.locator("main table a")
    if found.count() == 0:
        page.goto("/console/partners/new")
        page.locator("#title").fill("School No. 1")
        page.locator("#authority_id").select_option(index=1)
        page.locator("#origins").fill("https://school.example")
        page.locator("main form button").click()
        page.wait_for_url(re.compile("done=registered"))
        return urlsplit(page.url).path
    return found.first.get_attribute("href") or ""


def written_survey(page: Page) -> str:
    """The path of a draft of a survey, with a question; starts one where there is none."""
    page.goto("/console/surveys?state=draft")
    found = page.locator(".queue__title").filter(has_text="Benches by the river")
    if found.count() == 0:
        page.goto("/console/surveys/new/blank")
        page.locator("#title").fill("Benches by the river")
        if (authority := page.locator("#authority_id")).count():
            authority.select_option(index=1)
        page.locator("main form button").click()
        page.wait_for_url(re.compile("done=created"))
        path = urlsplit(page.url).path
        page.goto(f"{path}/items?kind=text&to=page_1")
        page.locator("main form input[type=text], main form .govuk-input").first.fill("Where?")
        page.locator("main form button").last.click()
        page.wait_for_url(re.compile("done=saved"))
        return path
    return found.first.get_attribute("href") or ""


def drafted_post(path: str) -> Callable[[Page], str]:
    """Finds a page about the draft of a post; starts one where there is none."""

    def find(page: Page) -> str:
        page.goto("/console/posts?state=draft")
        found = page.locator(".queue__title")
        if found.count():
            return f"{found.first.get_attribute('href')}{path}"
        page.goto("/console/posts/new")
        if (authority := page.locator("#authority_id")).count():
            authority.select_option(index=1)
        page.locator("input[name=kind]").first.check()
        page.locator("main form button").click()
        page.wait_for_url(re.compile("/steps/"))
        return urlsplit(page.url).path.partition("/steps/")[0] + path

    return find


def published_post(path: str) -> Callable[[Page], str]:
    """Finds a page about a post of the demo that is out; posts are sent in the background."""

    def find(page: Page) -> str:
        return f"{_when_there(page, '/console/posts?state=out', '.queue__title').first.get_attribute('href')}{path}"

    return find


def conversation(page: Page) -> str:
    """The path of a conversation; accounts are read once a minute, so the first one may take that long."""
    return _when_there(page, "/console/inbox?state=all", ".queue__title").last.get_attribute("href") or ""


def forgetting(page: Page) -> str:
    """The path on which an officer is asked whether a person shall be forgotten."""
    page.goto(conversation(page))
    return page.locator("main a[href$='/forget']").first.get_attribute("href") or ""


def petition_of_conversation(page: Page) -> str:
    """The path on which a petition is written from a conversation."""
    return f"/console/write-for?thread={conversation(page).rpartition('/')[2]}"


def of_survey(path: str) -> Callable[[Page], str]:
    """Finds a page about that survey."""
    return lambda page: f"{written_survey(page)}{path}"


def answered_survey(path: str) -> Callable[[Page], str]:
    """Finds a page about a survey that people have answered."""

    def find(page: Page) -> str:
        page.goto("/console/surveys?state=open")
        found = page.locator(".queue__title").filter(has_text="library")
        return f"{found.first.get_attribute('href')}{path}"

    return find


def offered(page: Page) -> str:
    """What a partner may show, as the page of a partner names it."""
    page.goto(partner(page))
    return page.locator("#show option").nth(1).get_attribute("value") or ""


def petitions_of_authority(page: Page) -> str:
    """The path of the petitions to one authority."""
    page.goto("/authorities/soniachne/rules")
    return page.locator("main a[href*='authority=']").get_attribute("href") or ""


def survey(words: str) -> Callable[[Page], str]:
    """Finds the path of an open survey by words of its title."""

    def find(page: Page) -> str:
        page.goto("/surveys")
        return page.locator(".petitions__title a").filter(has_text=words).first.get_attribute("href") or ""

    return find


SIMULATED = "/console/simulator?workflow=petition-ua-president&of=petition-ua-president&opens_on=2026-03-02"


def _closed_answer(page: Page) -> str:
    return f"{_first(page, '/surveys?state=closed', '.petitions__title a')}/answer"


def _closed_results(page: Page) -> str:
    return f"{_first(page, '/surveys?state=closed', '.petitions__title a')}/results"


PLACES = (
    Place("home", "/"),
    Place("petitions", "/petitions"),
    Place("petitions of a state", "/petitions?state=open&order=count"),
    Place("nothing found", "/petitions?q=zzzzzz"),
    Place("petition", open_petition),
    Place("closed petition", lambda page: _first(page, "/petitions?state=closed", ".petitions__title a")),
    Place("archived petition", "/petitions/104309"),
    Place("sign form", lambda page: f"{open_petition(page)}/sign"),
    Place("check mail", lambda page: f"{open_petition(page)}/sign/mail"),
    Place("thanks", lambda page: f"{open_petition(page)}/thanks"),
    Place("sign in", "/sign-in"),
    Place("link sent", "/sign-in/sent"),
    Place("sign-in link", "/sign-in/a-token"),
    Place("unknown confirmation", "/confirm/a-token"),
    Place("unknown unsubscription", "/unsubscribe/a-token"),
    Place("unknown invitation", "/support/a-token"),
    Place("rules", "/authorities/soniachne/rules"),
    Place("rules not set yet", "/authorities/soniachne/rules?workflow=petition-uk-parliament"),
    Place("petitions to an authority", petitions_of_authority),
    Place("help", "/help"),
    Place("privacy", "/privacy"),
    Place("accessibility", "/accessibility"),
    Place("data", "/api/docs"),
    Place("open data", "/opendata"),
    Place("how the open data comes about", "/opendata/method"),
    Place("not found", "/no-such-page"),
    Place("sign with one press", lambda page: f"{open_petition(page)}/sign", CITIZEN),
    Place("follow by mail", lambda page: f"{open_petition(page)}/follow", CITIZEN),
    Place("my participation", "/me", CITIZEN),
    Place("what I follow", "/me/following", CITIZEN),
    Place("mails to me", "/me/mails", CITIZEN),
    Place("passkeys", "/me/passkeys", CITIZEN),
    Place("my organisations", "/me/organisations", CITIZEN),
    Place("add an organisation", "/me/organisations/new", CITIZEN),
    Place("ways to sign in", "/me/providers", CITIZEN),
    Place("where I am signed in", "/me/sessions", CITIZEN),
    Place("everything about me", "/me/everything", CITIZEN),
    Place("erase my account", "/me/erase", CITIZEN),
    Place("confirm that it is you", "/sign-in/again", OFFICER),
    Place("my details", "/me/details", CITIZEN),
    Place("no console", "/console", CITIZEN),
    Place("start", "/petitions/start", AUTHOR),
    Place("draft: title", lambda page: f"/drafts/{draft(page)}/title", AUTHOR),
    Place("draft: similar petitions", lambda page: f"/drafts/{draft_like_another(page)}/similar", AUTHOR),
    Place("draft: text", lambda page: f"/drafts/{draft(page)}/text", AUTHOR),
    Place("draft: authority", lambda page: f"/drafts/{draft(page)}/authority", AUTHOR),
    Place("draft: author", lambda page: f"/drafts/{draft(page)}/author", AUTHOR),
    Place("draft: organisation", lambda page: f"/drafts/{draft(page)}/organisation", AUTHOR),
    Place("draft: committee", lambda page: f"/drafts/{draft(page)}/committee", AUTHOR),
    Place("draft: founding meeting", lambda page: f"/drafts/{draft(page)}/meeting", AUTHOR),
    Place("draft: name", lambda page: f"/drafts/{draft(page)}/name", AUTHOR),
    Place("draft: check", lambda page: f"/drafts/{draft(page)}/check", AUTHOR),
    Place("console: today", "/console", OFFICER),
    Place("console: case", case, OFFICER),
    Place("console: open?", lambda page: f"{case(page)}/open", OFFICER),
    Place("console: today's checks", "/console?task=check", OFFICER),
    Place("console: why rejected?", lambda page: f"{case(page)}/reject", OFFICER),
    Place("console: letter", lambda page: f"{case(page)}/reject/letter?reason=duplicate", OFFICER),
    Place("console: letter without a reason", lambda page: f"{case(page)}/reject/letter?reason=", OFFICER),
    Place("console: ask a colleague", lambda page: f"{case(page)}/ask", OFFICER),
    Place("console: note", lambda page: f"{case(page)}/note", OFFICER),
    Place("console: templates", "/console/templates", OFFICER),
    Place("console: new template", "/console/templates/new", OFFICER),
    Place("rejected petitions", "/petitions?state=rejected"),
    Place("rejected petition", rejected_petition),
    Place("rejected petition without its text", hidden_petition),
    Place("my rejected petition", lambda page: f"{rejected_petition(page)}/mine", REJECTED),
    Place("answered petition", named("market")),
    Place("petition with a hearing", named("Пандуси")),
    Place("petition with removed signatures", named("автобусів")),
    Place("who signed", lambda page: f"{named('потяги')(page)}/signatures"),
    Place("sign by e-mail with a public name", lambda page: f"{named('потяги')(page)}/sign"),
    Place("sign with a public name", lambda page: f"{named('потяги')(page)}/sign", CITIZEN),
    Place("petition with votes against", named("market")),
    Place("vote against by e-mail", lambda page: f"{named('market')(page)}/sign?vote=against"),
    Place("vote against", lambda page: f"{named('market')(page)}/sign?vote=against", CITIZEN),
    Place("petition of a committee, with minima and paper", named("Rivers")),
    Place("supporters", supporters, SPONSORED),
    Place("invitation", invitation, SPONSORED),
    Place("console: case with a question", named_case("тоалетна"), COLLEAGUE),
    Place("console: reached case", named_case("School Street"), OFFICER),
    Place("console: answered case", named_case("market"), OFFICER),
    Place("console: case with a hearing", named_case("Пандуси"), OFFICER),
    Place("console: case with paper", named_case("Rivers"), OPERATOR),
    Place("console: sheets", lambda page: f"{named_case('Rivers')(page)}/signatures/paper", OPERATOR),
    Place("console: removed signatures", lambda page: f"{named_case('автобусів')(page)}/signatures", OFFICER),
    Place("console: rules", "/console/rules", OPERATOR),
    Place("console: collecting case", collecting_case, OFFICER),
    Place("console: answer, decision", lambda page: f"{collecting_case(page)}/answer/decision", OFFICER),
    Place("console: answer, summary", lambda page: f"{collecting_case(page)}/answer/summary", OFFICER),
    Place("console: answer, reasons", lambda page: f"{collecting_case(page)}/answer/reasons", OFFICER),
    Place("console: answer, documents", lambda page: f"{collecting_case(page)}/answer/documents", OFFICER),
    Place("console: answer, who", lambda page: f"{collecting_case(page)}/answer/signed_by", OFFICER),
    Place("console: answer, check", lambda page: f"{collecting_case(page)}/answer/check", OFFICER),
    Place("console: announce a hearing", lambda page: f"{collecting_case(page)}/hearings/0/announce", OFFICER),
    Place("console: simulator", "/console/simulator", OFFICER),
    Place("console: simulated", SIMULATED, OFFICER),
    Place("console: simulator's faults", "/console/simulator?workflow=petition-local&of=petition-local", OFFICER),
    Place("console: signatures", lambda page: f"{collecting_case(page)}/signatures", OFFICER),
    Place("console: trends", lambda page: f"{collecting_case(page)}/signatures/trends", OFFICER),
    Place("console: paper", lambda page: f"{collecting_case(page)}/signatures/paper", OFFICER),
    Place("console: which signatures?", lambda page: f"{collecting_case(page)}/signatures/remove", OFFICER),
    Place(
        "console: these signatures",
        lambda page: f"{collecting_case(page)}/signatures/remove?look=1&channel=person",
        OFFICER,
    ),
    Place("console: numbers", "/console/numbers", OFFICER),
    Place("console: people and roles", "/console/people", OPERATOR),
    Place("console: organisations", "/console/organisations", OPERATOR),
    Place("console: what was done", "/console/audit", OPERATOR),
    Place("console: notices", "/console/notices", OPERATOR),
    Place("console: write for somebody", "/console/write-for", OFFICER),
    Place("console: pauses", "/console/pauses", OPERATOR),
    Place("console: presence", "/console/presence", OFFICER),
    Place("console: presence before all", "/console/presence?on=2001-01-01", OFFICER),
    Place("console: accounts in the register", "/console/presence/accounts", OPERATOR),
    Place("console: enter an account", "/console/presence/accounts/new", OPERATOR),
    Place("console: surveys", "/console/surveys", OFFICER),
    Place("console: write a survey", "/console/surveys/new", OFFICER),
    Place("console: a blank survey", "/console/surveys/new/blank", OFFICER),
    Place("console: a ready survey", "/console/surveys/new/ready/feedback", OFFICER),
    Place("console: a survey from a file", "/console/surveys/new/file", OFFICER),
    Place("console: survey", written_survey, OFFICER),
    Place("console: what to add to a survey", of_survey("/add?to=page_1"), OFFICER),
    Place("console: new question", of_survey("/items?kind=matrix&to=page_1"), OFFICER),
    Place("console: question", of_survey("/items/question_1"), OFFICER),
    Place("console: move a question", of_survey("/items/question_1/move"), OFFICER),
    Place("console: limit to a survey", of_survey("/items?kind=quota"), OFFICER),
    Place("console: texts of a survey", of_survey("/texts"), OFFICER),
    Place("console: languages of a survey", of_survey("/languages"), OFFICER),
    Place("console: settings of a survey", of_survey("/settings"), OFFICER),
    Place("console: links to a survey", of_survey("/links"), OFFICER),
    Place("console: preview of a survey", of_survey("/preview"), OFFICER),
    Place("console: open a survey?", of_survey("/open"), OFFICER),
    Place("console: a survey as a file", of_survey("/form"), OFFICER),
    Place("console: close a survey?", of_survey("/close"), OFFICER),
    Place("console: throw a survey away?", of_survey("/delete"), OFFICER),
    Place("console: results of a survey", answered_survey("/results"), OFFICER),
    Place("console: results of a draft", of_survey("/results"), OFFICER),
    Place("console: polls on platforms", of_survey("/results/polls"), OFFICER),
    Place("console: counts of a poll", of_survey("/results/polls/new"), OFFICER),
    Place("console: texts that were answered", answered_survey("/results/texts/idea"), OFFICER),
    Place("console: files with answers", answered_survey("/results/exports"), OFFICER),
    Place("console: two questions of a survey", answered_survey("/results/table?rows=visits&columns=age"), OFFICER),
    Place("console: a weighted table of some answers", answered_survey(f"/results/table?{WEIGHTED}"), OFFICER),
    Place("authority", "/authorities/dibrova"),
    Place("authority with posts", "/authorities/verbiv"),
    Place("post", lambda page: _first(page, "/authorities/verbiv", ".petitions__title a[href*='/posts/']")),
    Place("authorities on networks", "/presence"),
    Place("authorities on networks before all", "/presence?on=2001-01-01"),
    Place("console: accounts", "/console/channels?all=1", OPERATOR),
    Place("console: platforms", "/console/channels/new", OPERATOR),
    Place("console: connect an account", "/console/channels/new/mastodon", OPERATOR),
    Place("console: account not connected", "/console/channels/consent", OPERATOR),
    Place("console: inbox", "/console/inbox?state=all", OFFICER),
    Place("console: conversation", conversation, OFFICER),
    Place("console: forget a person?", forgetting, OPERATOR),
    Place("console: a petition of a conversation", petition_of_conversation, OFFICER),
    Place("console: what is learnt", "/console/inbox/learning", OPERATOR),
    Place("console: ready answers", "/console/inbox/ready", OPERATOR),
    Place("console: write a ready answer", "/console/inbox/ready/new", OFFICER),
    Place("console: posts", "/console/posts", OFFICER),
    Place("console: calendar of posts", "/console/posts/calendar", OFFICER),
    Place("console: a week of posts", "/console/posts/calendar?view=week", OFFICER),
    Place("console: write a post", "/console/posts/new", OFFICER),
    Place("console: a post that is out", published_post(""), OFFICER),
    Place("console: correct a post that is out", published_post("/correct"), OFFICER),
    Place("console: draft of a post", drafted_post(""), OFFICER),
    Place("console: kind of a post", drafted_post("/steps/kind"), OFFICER),
    Place("console: where a post goes", drafted_post("/steps/channels"), OFFICER),
    Place("console: text of a post", drafted_post("/steps/text"), OFFICER),
    Place("console: sources of a post", drafted_post("/steps/sources?back=preview"), OFFICER),
    Place("console: pictures of a post", drafted_post("/steps/media"), OFFICER),
    Place("console: a post account by account", drafted_post("/steps/variants"), OFFICER),
    Place("console: time of a post", drafted_post("/steps/time"), OFFICER),
    Place("console: preview of a post", drafted_post("/preview"), OFFICER),
    Place("console: throw a post away?", drafted_post("/delete"), OFFICER),
    Place("events", "/events"),
    Place("events that are over", "/events?past=1"),
    Place("event", public_event(""), OFFICER),
    Place("register for an event with one press", public_event("/register"), OFFICER),
    Place("mail about a registration", public_event("/mail?waits=1"), OFFICER),
    Place("unknown registration", "/events/registrations/a-token"),
    Place("console: events", "/console/events", OFFICER),
    Place("console: write an event", "/console/events/new", OFFICER),
    Place("console: draft of an event", drafted_event(""), OFFICER),
    Place("console: kind of an event", drafted_event("/steps/kind"), OFFICER),
    Place("console: title of an event", drafted_event("/steps/text?back=preview"), OFFICER),
    Place("console: day of an event", drafted_event("/steps/time"), OFFICER),
    Place("console: place of an event", drafted_event("/steps/place"), OFFICER),
    Place("console: an event online", drafted_event("/steps/online"), OFFICER),
    Place("console: agenda of an event", drafted_event("/steps/agenda"), OFFICER),
    Place("console: materials of an event", drafted_event("/steps/materials"), OFFICER),
    Place("console: whom to ask about an event", drafted_event("/steps/contact"), OFFICER),
    Place("console: registration for an event", drafted_event("/steps/registration"), OFFICER),
    Place("console: preview of an event", drafted_event("/preview"), OFFICER),
    Place("console: throw an event away?", drafted_event("/delete"), OFFICER),
    Place("console: event", office_event(""), OFFICER),
    Place("console: who comes to an event", office_event("/people"), OFFICER),
    Place("console: who comes, printed", office_event("/people/print"), OFFICER),
    Place("console: an event does not take place?", office_event("/cancel"), OFFICER),
    Place("console: partners", "/console/partners", OFFICER),
    Place("console: register a partner", "/console/partners/new", OFFICER),
    Place("console: partner", partner, OFFICER),
    Place("console: what a partner copies", lambda page: f"{partner(page)}?show={offered(page)}#copy", OFFICER),
    Place("console: change a partner", lambda page: f"{partner(page)}/edit", OFFICER),
    Place("console: archive a partner?", lambda page: f"{partner(page)}/archive", OFFICER),
    Place("unknown partner", "/partners/a-token"),
    Place("not to be framed", "/embed/petitions/1"),
    Place("surveys", "/surveys"),
    Place("surveys that have closed", "/surveys?state=closed"),
    Place("survey", survey("library")),
    Place("closed survey", lambda page: _first(page, "/surveys?state=closed", ".petitions__title a")),
    Place("answer a survey", lambda page: f"{survey('library')(page)}/answer"),
    Place("answer a survey in another language", lambda page: f"{survey('library')(page)}/answer?lang=ru"),
    Place("answer a survey with a check", lambda page: f"{survey('Write to us')(page)}/answer"),
    Place("answer a survey of persons", lambda page: f"{survey('square')(page)}/answer", NEIGHBOUR),
    Place("results of a survey", lambda page: f"{survey('library')(page)}/results"),
    Place("results of a closed survey", _closed_results),
    Place("thanks for answers", lambda page: f"{survey('library')(page)}/thanks"),
    Place("closed survey takes nothing", _closed_answer),
    Place("unknown draft", lambda page: f"{survey('library')(page)}/answers/a-token"),
    Place("console: take a role back?", lambda page: _first(page, "/console/people", "main table a"), OPERATOR),
    Place("console: close?", lambda page: f"{collecting_case(page)}/close", OFFICER),
)


def path_of(place: Place, page: Page) -> str:
    """The path of a page in the default language."""
    return place.path if isinstance(place.path, str) else place.path(page)
