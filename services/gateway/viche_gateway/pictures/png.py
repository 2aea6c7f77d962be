"""Pictures as PNG, for posts: with the portal's own letters, whatever is installed where this runs."""

from functools import cache

from viche_gateway.assets import BUILT, NotBuilt

FAMILY = "Sofia Sans"


@cache
def _fonts() -> list[str]:
    found = sorted(str(path) for path in BUILT.glob("chart-*.ttf"))
    if not found:
        raise NotBuilt(f"{BUILT} has no letters for pictures: build the front end with `make assets`")
    return found


def png(svg: str) -> bytes:
    """The picture of an SVG document.

    Raises:
        NotBuilt: `make assets` has not been run.
    """
    import resvg_py  # a gateway that draws nothing need not hold it

    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=_fonts(), font_family=FAMILY, sans_serif_family=FAMILY
    )
