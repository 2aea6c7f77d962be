"""Layouts of tiles by country, from the files beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

COUNTRIES = ("eu", "ua", "bg", "gb")


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a territory on the grid, counted from the upper left corner.

    ``labels`` are by language; without any the code is the label.
    """

    code: str
    column: int
    row: int
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        """A few letters for the reader."""
        return self.labels.get(language) or self.labels.get("en") or self.code


@dataclass(frozen=True, slots=True)
class Layout:
    """All tiles of a country by code.

    Attributes:
        prefix: how many characters of a code tell its tile; None where only the very code does.
        aliases: codes of tiles by what else the same territories are called.
    """

    tiles: Mapping[str, Tile]
    prefix: int | None
    aliases: Mapping[str, str]

    @property
    def columns(self) -> int:
        """How wide the grid is."""
        return max(tile.column for tile in self.tiles.values()) + 1

    @property
    def rows(self) -> int:
        """How high the grid is."""
        return max(tile.row for tile in self.tiles.values()) + 1

    def tile_of(self, code: str) -> Tile | None:
        """The tile in which a territory of this code lies, if the code alone tells."""
        return self.tiles.get(self.aliases.get(code) or code[: self.prefix])


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that there is."""
    return tuple(_read(country) for country in COUNTRIES)


def _read(country: str) -> Layout:
    content = tomllib.loads(resources.files("viche_gateway.tilemaps").joinpath(f"{country}.toml").read_text("utf-8"))
    labels = content.get("labels", {})
    tiles = [
        Tile(code, column, row, labels.get(code, {}))
        for row, line in enumerate(content["grid"].strip().splitlines())
        for column, code in enumerate(line.split())
        if code != "."
    ]
    return Layout({tile.code: tile for tile in tiles}, content.get("prefix"), content.get("aliases", {}))
