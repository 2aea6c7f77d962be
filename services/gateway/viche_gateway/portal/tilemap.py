"""The map of a petition: which layout fits, what each tile says, how dark it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number
from viche_gateway.languages import current_language
from viche_gateway.portal.progress import place_name
from viche_gateway.regions import current_region, path_to
from viche_gateway.tilemaps.layouts import Layout, Tile, layouts
from viche_gateway.tilemaps.shades import Shade, legend, levels

PITCH = 40
"""Distance of tiles in the units of the drawing."""
PER = 100_000
"""Rates are signatures per so many inhabitants."""
_MOST_IN_TILE = 9_999


@dataclass(frozen=True, slots=True)
class Place:
    """One tile. ``rate`` is signatures per ``PER`` inhabitants, None where that is not known."""

    x: int
    y: int
    level: int
    label: str
    number: str
    name: str
    count: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class TileMap:
    """The drawing, ``width`` × ``height``, and all that its table says, most signatures first.

    Attributes:
        is_rated: whether shades stand for signatures by population, not for signatures alone.
        in_thousands: whether tiles show thousands.
        elsewhere: signatures that no tile has.
        is_finer: whether signers gave smaller places than the tiles.
    """

    title: str
    width: int
    height: int
    places: tuple[Place, ...]
    shades: tuple[Shade, ...]
    is_rated: bool
    in_thousands: bool
    elsewhere: int
    is_finer: bool


@dataclass(frozen=True, slots=True)
class _Counted:
    by_tile: Mapping[str, int]
    elsewhere: int
    is_finer: bool


def map_of(petition: pb.Petition, territories: Sequence[pb.TerritoryCount]) -> TileMap | None:
    """The map of where people sign; None where no layout has the territories below that of the authority."""
    authority = current_region().authorities.get(petition.authority_id)
    if authority is None:
        return None
    layout, known = max(_below(authority.territory_code), key=lambda found: len(found[1]))
    counted = _counted(layout, territories)
    return _drawn(layout, known, counted) if len(known) > 1 and any(counted.by_tile.values()) else None


def _below(top: str) -> Sequence[tuple[Layout, Mapping[str, str]]]:
    """For each layout its tiles that lie below a territory, with the outermost territories that are in them."""
    found: list[tuple[Layout, dict[str, str]]] = [(layout, {}) for layout in layouts()]
    inside = {top}
    for code, territory in current_region().territories.items():
        if territory.parent_code not in inside:
            continue
        tiles = [(known, tile.code) for layout, known in found if (tile := layout.tile_of(code))]
        for known, tile in tiles:
            known.setdefault(tile, code)
        if not tiles:
            inside.add(code)
    return found


def _counted(layout: Layout, territories: Sequence[pb.TerritoryCount]) -> _Counted:
    by_tile = dict.fromkeys(layout.tiles, 0)
    elsewhere, is_finer = 0, False
    for item in territories:
        tile, code = _outermost(layout, path_to(item.territory_code))
        if tile is None:
            elsewhere += item.signature_count
        else:
            by_tile[tile.code] += item.signature_count
            is_finer = is_finer or code != item.territory_code
    return _Counted(by_tile, elsewhere, is_finer)


def _outermost(layout: Layout, path: Sequence[str]) -> tuple[Tile | None, str]:
    """The first tile on the path, and the territory by which it was found."""
    return next(((tile, code) for code in path if (tile := layout.tile_of(code))), (None, ""))


def _drawn(layout: Layout, known: Mapping[str, str], counted: _Counted) -> TileMap:
    counts = counted.by_tile
    rates = _rates(known, counts)
    values = rates or counts
    found = levels(values)
    in_thousands = max(counts.values()) > _MOST_IN_TILE
    places = [
        Place(
            x=tile.column * PITCH, y=tile.row * PITCH, level=found[code], label=tile.label(current_language()),
            number=_number(counts[code], in_thousands=in_thousands), name=place_name(known.get(code, code)),
            count=counts[code], rate=rates.get(code),
        )
        for code, tile in layout.tiles.items()
    ]  # fmt: skip
    places.sort(key=lambda place: (-place.count, place.name.casefold()))
    return TileMap(
        title=_finding(places, sum(counts.values()) + counted.elsewhere),
        width=layout.columns * PITCH,
        height=layout.rows * PITCH,
        places=tuple(places),
        shades=tuple(legend(values, found)),
        is_rated=bool(rates),
        in_thousands=in_thousands,
        elsewhere=counted.elsewhere,
        is_finer=counted.is_finer,
    )


def _rates(known: Mapping[str, str], counts: Mapping[str, int]) -> Mapping[str, float]:
    """Signatures per ``PER`` inhabitants by tile; empty where one that has signatures has no known population."""
    territories = current_region().territories
    people = {tile: territories[code].population for tile, code in known.items()}
    if any(count and not people.get(tile) for tile, count in counts.items()):
        return {}
    return {tile: count * PER / people[tile] if count else 0.0 for tile, count in counts.items()}


def _number(count: int, *, in_thousands: bool) -> str:
    if not in_thousands:
        return str(count)
    if 0 < count < 50:
        return f"<{format_decimal(0.1)}"
    return format_decimal(count / 1000, "0.#" if count <= _MOST_IN_TILE else "0")


def _finding(places: Sequence[Place], total: int) -> str:
    most = [place for place in places if place.count == places[0].count]
    if len(most) > 1:
        return ngettext(
            "%(num)s place has the most signatures: %(count)s each",
            "%(num)s places have the most signatures: %(count)s each",
            len(most),
            count=format_number(most[0].count),
        )
    return gettext(
        "Most signatures: %(place)s, %(count)s of %(total)s",
        place=most[0].name, count=format_number(most[0].count), total=format_number(total),
    )  # fmt: skip
