"""Shapes of what else the API answers, for its document; the answers are made by :mod:`viche_gateway.api.values`."""

from marshmallow import Schema, fields

from viche_gateway.api.saying import moment, said, texts


class AuthorityShape(Schema):
    """An institution that people turn to."""

    id = fields.UUID(**said("UUID."))
    slug = fields.String(**said("Stable short name."))
    parent_slug = fields.String(allow_none=True, **said("Of the authority above; null at the top."))
    name = texts("Its name")
    territory_code = fields.String(**said("The territory that it serves."))


class AuthoritiesShape(Schema):
    """The tree of authorities."""

    authorities = fields.List(fields.Nested(AuthorityShape), **said("Parents before children."))


class TerritoryShape(Schema):
    """A territorial unit of the official codifier."""

    code = fields.String(**said("Code of the codifier."))
    parent_code = fields.String(allow_none=True, **said("Of the unit above; null at the top."))
    name = texts("Its name")


class TerritoriesShape(Schema):
    """The codifier."""

    territories = fields.List(fields.Nested(TerritoryShape), **said("Parents before children."))


class WorkflowSettingShape(Schema):
    """A figure that an authority sets."""

    name = fields.String(**said("Stable name."))
    title = texts("For people")
    default_value = fields.String(allow_none=True, **said("When none is set; null: it must be set."))


class WorkflowShape(Schema):
    """Rules that a plugin brings."""

    name = fields.String(**said("Stable name."))
    version = fields.String(**said("Their version."))
    title = texts("For people")
    settings = fields.List(fields.Nested(WorkflowSettingShape), **said("What an authority can or must give."))
    legal_basis = texts("The rule's source")


class WorkflowsShape(Schema):
    """The rules that this instance has."""

    workflows = fields.List(fields.Nested(WorkflowShape), **said("By name."))


class GrantShape(Schema):
    """A role that one holds."""

    role = fields.String(**said("For instance officer or operator."))
    authority_id = fields.UUID(**said("Where it holds, and in everything below."))


class PersonShape(Schema):
    """The signed-in person."""

    email = fields.String(**said("The address that was confirmed."))
    name = fields.String(allow_none=True, **said("Null until given."))
    residence_code = fields.String(allow_none=True, **said("Territory of residence; null until given."))
    assurance = fields.String(allow_none=True, **said("How surely the person is known."))
    language = fields.String(allow_none=True, **said("BCP 47 language of mails."))
    grants = fields.List(fields.Nested(GrantShape), **said("Roles that hold now."))


class SessionShape(Schema):
    """A session that has just begun."""

    session_token = fields.String(**said("Secret: goes into `Authorization: Bearer` of later calls."))
    token_type = fields.String(**said("Always Bearer.", enum=["Bearer"]))
    expires_at = moment("When the session ends by itself")


class SignatureShape(Schema):
    """A signature that is counted."""

    id = fields.UUID(**said("UUID of the signature."))
    petition_number = fields.Integer(**said("Public number of the petition."))


class FaultShape(Schema):
    """One field that cannot be taken as it is."""

    field = fields.String(**said("Name of the field."))
    place = fields.String(data_key="in", **said("Where it stands.", enum=["body", "query", "header"]))
    pointer = fields.String(metadata={"description": "Where in the body: a JSON pointer as URI fragment (RFC 6901)."})
    reason = fields.String(**said("Stable reason."))
    detail = fields.String(**said("The same for people."))


class ProblemShape(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(**said("Address of the reason's explanation.", format="uri-reference"))
    title = fields.String(**said("The reason in words, in English."))
    status = fields.Integer(**said("HTTP status."))
    detail = fields.String(**said("A sentence in the language of Accept-Language."))
    reason = fields.String(**said("Stable reason in capitals."))
    errors = fields.List(
        fields.Nested(FaultShape), metadata={"description": "All fields at fault, if it is about any."}
    )
    trace_id = fields.String(**said("Names the request in our logs."))
