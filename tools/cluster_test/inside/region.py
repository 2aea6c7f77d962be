"""Makes a village with its council and an officer, as an operator does; in a pod of the command line.

python region.py TERRITORY SLUG NAME WORKFLOW OFFICER SETTINGS, where SETTINGS are figures of the workflow in JSON.
"""

import json
import sys
import uuid

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc

from viche_cli.instance import connect

WITHIN_S = 60.0


def main(territory: str, slug: str, name: str, workflow: str, officer: str, settings: str) -> None:
    """Prints the id of the authority."""
    instance, names = connect(), identity.LocalizedText(texts={"en": name})
    with instance.channel("identity") as channel:
        stub = identity_pb2_grpc.AuthoritiesServiceStub(channel)
        region = identity.PutRegionRequest(
            territories=[identity.Territory(code=territory, name=names)],
            authorities=[identity.Authority(slug=slug, territory_code=territory, name=names)],
        )
        authority_id = stub.PutRegion(region, timeout=WITHIN_S).authorities[0].id
        grant = identity.CreateGrantRequest(
            request_id=str(uuid.uuid4()), email=officer, role="officer", authority_slug=slug
        )
        stub.CreateGrant(grant, timeout=WITHIN_S)
    with instance.channel("petitions") as channel:
        figures = petitions.PutWorkflowSettingsRequest(
            authority_id=authority_id, workflow=workflow, settings=json.loads(settings)
        )
        petitions_pb2_grpc.PetitionsServiceStub(channel).PutWorkflowSettings(figures, timeout=WITHIN_S)
    print(json.dumps(authority_id))


if __name__ == "__main__":
    main(*sys.argv[1:])
