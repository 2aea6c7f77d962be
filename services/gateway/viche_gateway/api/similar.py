"""Petitions like a title over the API."""

from marshmallow import Schema, fields

from viche_gateway.api import values
from viche_gateway.api.fields import Sent, Uuid, Whole, text
from viche_gateway.api.operations import Call, Operation, Reply
from viche_gateway.api.petition_shapes import PetitionShape
from viche_gateway.context import services, settings

AGE_S = 60
_MOST = 10


class SimilarQuery(Sent):
    """What petitions should be like."""

    title = text(least=1, most=300, required=True, metadata={"description": "What is asked, in one line."})
    language = text(
        most=16, load_default=str, metadata={"description": "BCP 47; petitions in it come first among equals."}
    )
    authority = Uuid(load_default=str, metadata={"description": "Only to the authority of this id.", "format": "uuid"})
    limit = Whole(least=1, most=_MOST, load_default=5, metadata={"description": "How many at most."})


class SimilarPetitionShape(Schema):
    """A petition that is like the title."""

    petition = fields.Nested(PetitionShape, required=True, metadata={"description": "It."})
    similarity = fields.Float(
        required=True,
        metadata={"description": "How alike the titles are: 1 for the same words.", "minimum": 0, "maximum": 1},
    )


class SimilarPetitionsShape(Schema):
    """Petitions that are like a title."""

    petitions = fields.List(
        fields.Nested(SimilarPetitionShape), required=True, metadata={"description": "The most similar first."}
    )


def list_similar_petitions(call: Call) -> Reply:
    """Public petitions like a title."""
    query = call.query
    found = services().similar.to_title(
        query["title"],
        query["language"] or settings().default_language,
        authority_id=query["authority"],
        limit=query["limit"],
    )
    similar = [{"petition": values.petition(each.petition), "similarity": each.similarity} for each in found]
    return Reply({"petitions": similar})


OPERATIONS = (
    Operation(
        method="get",
        path="/petitions/similar",
        run=list_similar_petitions,
        summary="List petitions like a title",
        tag="petitions",
        description="Public petitions whose titles are like a given one, whatever the form of their words.",
        query=SimilarQuery,
        answer=SimilarPetitionsShape,
        max_age_s=AGE_S,
    ),
)
