"""petition-local conforms, and gives the figures that communities have published.

The figures are examples, as published by the sources named, the newest from 2021; a community's charter may have
changed since. The territory codes are those of the Ukrainian codifier (КАТОТТГ).
"""

import pytest

from viche_petition_local.workflow import LOCAL_PETITION
from viche_sdk.testing import Figures, GoldenCase, Refused, plugin_test
from viche_sdk.types import Assurance, SettingReason, SettingsRefused, Situation


def community(name: str, source: str, territory_code: str, threshold: int, open_days: int) -> GoldenCase:
    """A community that sets its two figures and leaves the rest as it is."""
    return GoldenCase(
        name,
        source,
        {"threshold": str(threshold), "open_days": str(open_days)},
        Figures({"answer": threshold}, open_days, Assurance.EMAIL, territory_code, 1),
        Situation(territory_code),
    )


GOLDEN = [
    community("Sumy", "https://smr.gov.ua", "UA59080270000073662", 250, 45),
    community("Pryluky", "https://prk.city/petition/status/process", "UA74080130000060606", 150, 60),
    community("Koriukivka", "https://koryukivka-rada.gov.ua/en", "UA74020010000010449", 100, 60),
    community("Zhytomyr", "https://zhzh.com.ua/suspilstvo/2019-04-24-3384.html", "UA18040190000029215", 300, 30),
    community("Kramatorsk", "zi.ua, article 5587", "UA14120090000098500", 250, 30),
    community(
        "Kyiv since 10 June 2021",
        "https://www.44.ua/news/3126148/"
        "kievsovet-umensil-kolicestvo-podpisej-dla-podderzki-peticii-teper-ih-nuzno-6-000",
        "UA80000000000093317",
        6_000,
        60,
    ),
    GoldenCase(
        "a community that has decided nothing",
        "Law of Ukraine 393/96-ВР, article 23-1: number and term are set by the charter of the community",
        {},
        Refused({"threshold": SettingReason.MISSING, "open_days": SettingReason.MISSING}),
        Situation("UA59080270000073662"),
    ),
]

test_petition_local_conforms = plugin_test("petition-local", golden=GOLDEN)


def test_residents_cannot_be_asked_for_where_the_authority_has_no_territory() -> None:
    with pytest.raises(SettingsRefused) as refused:
        LOCAL_PETITION.terms({"threshold": "250", "open_days": "45"}, Situation())

    assert [(each.setting, each.reason) for each in refused.value.problems] == [
        ("residents_only", SettingReason.NO_TERRITORY)
    ]


def test_a_community_may_let_anyone_sign_with_a_strong_identity() -> None:
    settings = {
        "threshold": "250",
        "open_days": "45",
        "residents_only": "false",
        "min_assurance": "high",
        "signatures_per_mailbox": "2",
    }

    terms = LOCAL_PETITION.terms(settings, Situation("UA59080270000073662"))

    assert (terms.resident_of, terms.min_assurance, terms.signatures_per_mailbox) == ("", Assurance.HIGH, 2)
