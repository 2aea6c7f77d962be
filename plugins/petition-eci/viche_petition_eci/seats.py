"""Members of the European Parliament by member state, from which the minima follow.

A state's minimum is its seats times all seats (Regulation (EU) 2019/788, recital 10). Codes are those of the Union, so
that Greece is EL.

The seats themselves are recalled. They are checked by their sum; for 2020, DE, BG and MT by the minima that the
Commission states; and in both tables every state by the minima in the Commission's open data on initiatives. The page
of minima from 2020, in its Polish version, agrees but for FR: it has 55,595, its own rule and the open data 55,695.
"""

from collections.abc import Mapping

SEATS_2020: Mapping[str, int] = {
    "DE": 96, "FR": 79, "IT": 76, "ES": 59, "PL": 52, "RO": 33, "NL": 29, "BE": 21, "CZ": 21,
    "EL": 21, "HU": 21, "PT": 21, "SE": 21, "AT": 19, "BG": 17, "DK": 14, "FI": 14, "SK": 14,
    "IE": 13, "HR": 12, "LT": 11, "LV": 8, "SI": 8, "EE": 7, "CY": 6, "LU": 6, "MT": 6,
}  # fmt: skip
"""From 1 February 2020."""

SEATS_2024: Mapping[str, int] = {
    "DE": 96, "FR": 81, "IT": 76, "ES": 61, "PL": 53, "RO": 33, "NL": 31, "BE": 22, "CZ": 21,
    "EL": 21, "HU": 21, "PT": 21, "SE": 21, "AT": 20, "BG": 17, "DK": 15, "FI": 15, "SK": 15,
    "IE": 14, "HR": 12, "LT": 11, "LV": 9, "SI": 9, "EE": 7, "CY": 6, "LU": 6, "MT": 6,
}  # fmt: skip
"""From 16 July 2024."""


def minima_of(seats: Mapping[str, int]) -> Mapping[str, int]:
    """How many signatures each state must have to count as one of the seven."""
    total = sum(seats.values())
    return {state: number * total for state, number in seats.items()}
