"""Shapes of public events, for the API's document; the answers are made by :mod:`viche_gateway.api.events`."""

from marshmallow import Schema, fields

from viche_gateway.api.saying import moment, said, texts


class EventPlaceShape(Schema):
    """Where an event takes place."""

    title = texts("What the place is called")
    address = texts("Its address")
    accessibility = texts("How one gets in, and what helps there")
    latitude = fields.Float(allow_none=True, **said("Degrees, WGS 84; null: not known."))
    longitude = fields.Float(allow_none=True, **said("Degrees, WGS 84; null: not known."))


class EventMaterialShape(Schema):
    """Something to read before an event."""

    title = texts("What it is")
    url = fields.String(**said("Where it is."))


class EventRegistrationShape(Schema):
    """Whether people register, and how many places there are."""

    status = fields.String(
        **said(
            "Whether one can register now, and why not.",
            enum=["not_needed", "open", "waiting_list", "full", "closed", "over", "cancelled"],
        )
    )
    until = moment("Until when; null: nobody registers", nullable=True)
    capacity = fields.Integer(allow_none=True, **said("How many places there are; null: as many as wanted."))
    places_left = fields.Integer(allow_none=True, **said("How many are left; null: as many as wanted."))
    has_waiting_list = fields.Boolean(**said("Whether people wait for a place when all are taken."))
    waiting_count = fields.Integer(**said("Registrations that wait."))
    most_seats = fields.Integer(**said("How many places one registration may take."))


class EventShape(Schema):
    """A public event of an authority."""

    number = fields.Integer(**said("Public number."))
    authority_id = fields.UUID(**said("Who invites."))
    kind = fields.String(
        **said("What it is.", enum=["hearing", "meeting", "consultation", "ceremony", "other"]),
    )
    phase = fields.String(**said("Where it stands.", enum=["coming", "past", "cancelled"]))
    title = texts("Title")
    summary = texts("What it is about")
    agenda = texts("What comes after what")
    starts_at = moment("When it begins")
    ends_at = moment("When it ends; null: not said", nullable=True)
    time_zone = fields.String(**said("IANA name of the zone by whose clocks it is."))
    place = fields.Nested(EventPlaceShape, allow_none=True, **said("Where; null: online only."))
    is_online = fields.Boolean(**said("Whether one can take part online."))
    online_url = fields.String(allow_none=True, **said("Where; null where it is told to registered people alone."))
    materials = fields.List(fields.Nested(EventMaterialShape), **said("What to read before."))
    contact = fields.String(allow_none=True, **said("Whom to ask; null: not said."))
    registration = fields.Nested(EventRegistrationShape, **said("Whether people register."))
    cancelled_because = fields.String(allow_none=True, **said("Why it does not take place; null: it does."))
    moments_post = fields.Integer(allow_none=True, **said("Number of the post about what mattered; null: none."))
    changed_at = moment("When it changed last", nullable=True)
    url = fields.String(**said("Its page."))
    calendar_url = fields.String(**said("The same as a calendar file (RFC 5545)."))


class EventPageShape(Schema):
    """A page of events."""

    events = fields.List(fields.Nested(EventShape), **said("The next first; of those that are over the latest first."))
    next_page_token = fields.String(allow_none=True, **said("Of the page after; null on the last one."))
