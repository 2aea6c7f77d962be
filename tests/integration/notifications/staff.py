"""Identity and petitions as far as the mail of the morning needs them."""

from typing import Any

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc, officers_pb2, officers_pb2_grpc
from viche.petitions.v1 import moderation_pb2, office_pb2, office_pb2_grpc
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc

from viche_chassis.errors import Unavailable

CITY, VILLAGE = "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"
CHECK, ANSWER = moderation_pb2.CASE_TASK_CHECK, moderation_pb2.CASE_TASK_ANSWER


class StaffDouble(officers_pb2_grpc.OfficersServiceServicer, identity_pb2_grpc.AuthoritiesServiceServicer):
    """Officers in pages of two, and two authorities."""

    def __init__(self) -> None:
        self.officers: list[officers_pb2.OfficerContact] = []

    def add(self, name: str, role: str = "officer", *covers: str, language: str = "en") -> bytes:
        """An officer; of the city, unless other authorities are named."""
        pseudonym = name.encode().ljust(32, b".")
        recipient = identity_pb2.Recipient(
            pseudonym=pseudonym, email=f"{name}@city.example", name=name.title(), language=language
        )
        grant = identity_pb2.Grant(role=role, covers_authority_ids=covers or [CITY])
        author = f"author {name}".encode()
        self.officers.append(officers_pb2.OfficerContact(recipient=recipient, grants=[grant], author=author))
        return pseudonym

    async def ListOfficers(self, request: officers_pb2.ListOfficersRequest, context: Any) -> Any:
        begin = int(request.page_token or 0)
        token = str(begin + 2) if begin + 2 < len(self.officers) else ""
        return officers_pb2.ListOfficersResponse(officers=self.officers[begin : begin + 2], next_page_token=token)

    async def ListAuthorities(self, request: Any, context: Any) -> Any:
        names = {CITY: {"en": "The city", "uk": "Місто"}, VILLAGE: {"en": "The village"}}
        return identity_pb2.ListAuthoritiesResponse(
            authorities=[
                identity_pb2.Authority(id=each, name=identity_pb2.LocalizedText(texts=texts))
                for each, texts in names.items()
            ]
        )

    def register(self, server: grpc.aio.Server) -> None:
        officers_pb2_grpc.add_OfficersServiceServicer_to_server(self, server)
        identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(self, server)


class InboxDouble(inbox_pb2_grpc.InboxServiceServicer):
    """Conversations that wait."""

    def __init__(self) -> None:
        self.summaries: list[inbox_pb2.InboxSummary] = []
        self.is_down = False

    def add(self, authority_id: str, waiting: int, overdue: int = 0, assignee: bytes = b"") -> None:
        """Some wait, for one officer or for anybody."""
        self.summaries.append(
            inbox_pb2.InboxSummary(authority_id=authority_id, waiting=waiting, overdue=overdue, assignee=assignee)
        )

    async def GetInboxSummary(self, request: Any, context: Any) -> Any:
        if self.is_down:
            raise Unavailable()
        return inbox_pb2.GetInboxSummaryResponse(summaries=self.summaries)

    def register(self, server: grpc.aio.Server) -> None:
        inbox_pb2_grpc.add_InboxServiceServicer_to_server(self, server)


class OfficeDouble(office_pb2_grpc.OfficeServiceServicer):
    """Petitions that wait; ``holidays`` are authorities and days on which nobody works there."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[office_pb2.TaskSummary]] = {}
        self.holidays: set[tuple[str, str]] = set()
        self.is_down = False
        self.asked = 0

    def add(self, authority_id: str, task: int, cases: int, overdue: int = 0, next_day: str = "") -> None:
        """Something waits."""
        summary = office_pb2.TaskSummary(task=task, cases=cases, overdue=overdue, next_day=next_day)  # pyright: ignore
        self.waiting.setdefault(authority_id, []).append(summary)

    async def GetOfficeSummary(self, request: office_pb2.GetOfficeSummaryRequest, context: Any) -> Any:
        self.asked += 1
        if self.is_down:
            raise Unavailable()
        return office_pb2.GetOfficeSummaryResponse(
            authorities=[
                office_pb2.AuthoritySummary(
                    authority_id=each, is_working_day=(each, request.day) not in self.holidays, tasks=tasks
                )
                for each, tasks in self.waiting.items()
            ]
        )

    def register(self, server: grpc.aio.Server) -> None:
        office_pb2_grpc.add_OfficeServiceServicer_to_server(self, server)
