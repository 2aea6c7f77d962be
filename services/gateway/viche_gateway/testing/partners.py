"""Partners in identity's double; a link's token is "link of PARTNER"."""

from typing import Any

from viche.identity.v1 import partners_pb2 as pb
from viche.identity.v1 import partners_pb2_grpc as rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal


class FakePartners(rpc.PartnersServiceServicer):
    """Partners by id, with the origins that they were given."""

    def __init__(self) -> None:
        self.known: dict[str, pb.Partner] = {}

    def add(self, *origins: str, title: str = "School", authority_id: str = "") -> pb.Partner:
        """Registers a partner."""
        partner = pb.Partner(id=str(new_id()), title=title, authority_id=authority_id, origins=origins, is_active=True)
        self.known[partner.id] = partner
        return partner

    async def CreatePartner(self, request: Any, context: Any) -> Any:
        self._check(request.origins)
        made = self.add(*request.origins, title=request.title, authority_id=request.authority_id)
        return pb.CreatePartnerResponse(partner=made)

    async def UpdatePartner(self, request: Any, context: Any) -> Any:
        found = self._find(request.partner_id)
        self._check(request.origins, found.id)
        found.title = request.title
        found.origins[:] = request.origins
        return pb.UpdatePartnerResponse(partner=found)

    async def ListPartners(self, request: Any, context: Any) -> Any:
        return pb.ListPartnersResponse(partners=self.known.values())

    async def ArchivePartner(self, request: Any, context: Any) -> Any:
        found = self._find(request.partner_id)
        found.is_active = False
        del found.origins[:]
        return pb.ArchivePartnerResponse(partner=found)

    async def NewPartnerLink(self, request: Any, context: Any) -> Any:
        return pb.NewPartnerLinkResponse(token=f"link of {self._find(request.partner_id).id}")

    async def ListOrigins(self, request: Any, context: Any) -> Any:
        found = [
            pb.PartnerOrigin(origin=origin, partner_id=each.id) for each in self._active() for origin in each.origins
        ]
        return pb.ListOriginsResponse(origins=found)

    async def GetPartnerByLink(self, request: Any, context: Any) -> Any:
        for each in self._active():
            if request.token == f"link of {each.id}":
                return pb.GetPartnerByLinkResponse(partner=each)
        raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")

    def _active(self) -> list[pb.Partner]:
        return [each for each in self.known.values() if each.is_active]

    def _find(self, partner_id: str) -> pb.Partner:
        if partner_id not in self.known:
            raise refusal(Code.NOT_FOUND, "PARTNER_NOT_FOUND")
        return self.known[partner_id]

    def _check(self, origins: Any, partner_id: str = "") -> None:
        reasons = {each: "ORIGIN_WILDCARD" if "*" in each else "ORIGIN_NOT_HTTPS" for each in origins}
        if bad := [
            invalid("origins", reasons[each], value=each) for each in origins if not each.startswith("https://")
        ]:
            raise InvalidFields(*bad)
        for each in self._active():
            for origin in set(each.origins) & set(origins):
                if each.id != partner_id:
                    raise refusal(Code.ALREADY_EXISTS, "ORIGIN_TAKEN", origin=origin)
