"""Pages for citizens."""

from flask import Blueprint, Flask

from viche_gateway.portal import (
    account,
    address,
    authors,
    cards,
    documents,
    drafting,
    erasing,
    events,
    everything,
    feeds,
    following,
    information,
    mails,
    organisations,
    partners,
    passkeys,
    petitions,
    posts,
    presence,
    providers,
    proving,
    rejected,
    rules,
    schedule,
    signers,
    signing,
    signing_in,
    similar,
    sponsoring,
    subscriptions,
    surveys,
    view,
)

PARTS = (
    account, address, authors, cards, documents, drafting, erasing, events, everything, feeds, following, information,
    mails, organisations, partners, passkeys, petitions, posts, presence, providers, rejected, rules, schedule, signers,
    signing, signing_in, similar, sponsoring, subscriptions, surveys,
)  # fmt: skip


def register(app: Flask) -> None:
    """Adds the pages to the application."""
    blueprint = Blueprint("portal", __name__)
    for part in PARTS:
        part.add_routes(blueprint)
    app.register_blueprint(blueprint)
    events.register(app)
    organisations.register(app)
    passkeys.register(app)
    posts.register(app)
    providers.register(app)
    proving.register(app)
    surveys.register(app)
    view.register(app)
