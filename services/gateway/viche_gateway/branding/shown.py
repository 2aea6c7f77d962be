"""What of a brand is shown: colours that pass, logos that are safe, and the files that browsers fetch for them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viche_chassis.brand import SETTING, Brand, Look, load_brand
from viche_chassis.config import ConfigError
from viche_gateway.branding.colour import Colour, parse
from viche_gateway.branding.logo import Logo, read_logo
from viche_gateway.branding.palette import ENOUGH, Palette, Scheme, palette, rounded_down, suggestion

ICON = Path(__file__).parent.parent / "static" / "src" / "favicon.svg"
_ICON_ACCENT = "#14566b"
_CSS_POLICY = "default-src 'none'"
# a picture that is opened by itself may use its own styles, and do nothing
_LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_CSS = "text/css; charset=utf-8"
_SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class File:
    """A file under an address that changes with its content."""

    name: str
    content: bytes
    media_type: str
    policy: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A look ready to be shown; what the file does not say is None, and the theme's own stands in."""

    look: Look = field(default_factory=Look)
    palette: Palette | None = None
    style_sheet: File | None = None
    logo: File | None = None
    logo_dark: File | None = None
    icon: File | None = None

    def files(self) -> Iterator[File]:
        """All that browsers may fetch."""
        yield from filter(None, (self.style_sheet, self.logo, self.logo_dark, self.icon))


@dataclass(frozen=True, slots=True)
class Judged:
    """A brand with the looks of the region (under the empty slug) and of its authorities, and what is wrong."""

    brand: Brand
    shown: Mapping[str, Shown]
    faults: Sequence[str]


def load(path: str, languages: Sequence[str], public_url: str) -> Judged:
    """The brand in the file that VICHE_BRAND names, judged.

    Raises:
        ConfigError: with a sentence for each fault: of the file, of colours that cannot be read, of unsafe logos.
    """
    judged = judge(load_brand(path, languages, public_url))
    if judged.faults:
        raise ConfigError([f"{SETTING}: {fault}" for fault in judged.faults])
    return judged


def judge(brand: Brand) -> Judged:
    """Looks at colours and logos. An authority without an accent has the region's; a logo is nobody else's."""
    faults: list[str] = []
    region = _show(brand.look, "", None, faults)
    shown = {"": region}
    for own in brand.authorities.values():
        shown[own.slug] = _show(own.look, f"authority.{own.slug}.", region, faults)
    return Judged(brand, shown, faults)


def _show(look: Look, place: str, region: Shown | None, faults: list[str]) -> Shown:
    colours = _palette(look, place, faults) or (region.palette if region else None)
    logo, logo_dark = (_logo(path, faults) for path in (look.logo, look.logo_dark))
    if logo_dark and not look.logo:
        faults.append(f"{place}logo_dark stands for a logo on dark pages; name that for light ones as {place}logo.")
    return Shown(
        look=look,
        palette=colours,
        style_sheet=_file(colours.style_sheet().encode(), "css", _CSS, _CSS_POLICY) if colours else None,
        logo=logo,
        logo_dark=logo_dark,
        icon=logo or (_icon(colours) if colours else None),
    )


def _palette(look: Look, place: str, faults: list[str]) -> Palette | None:
    accent = _colour(look.accent, f"{place}accent", faults)
    dark = _colour(look.accent_dark, f"{place}accent_dark", faults)
    if accent is None:
        if look.accent_dark and not look.accent:
            faults.append(f"{place}accent_dark needs {place}accent beside it, for light pages.")
        return None
    found = palette(accent, dark)
    faults.extend(_contrast_faults(found.light, f"{place}accent"))
    faults.extend(_contrast_faults(found.dark, f"{place}accent_dark"))
    return found


def _colour(text: str, place: str, faults: list[str]) -> Colour | None:
    try:
        return parse(text) if text else None
    except ValueError as error:
        faults.append(f"{place}: {error}.")
        return None


def _contrast_faults(scheme: Scheme, place: str) -> Iterator[str]:
    failing = [pair for pair in scheme.pairs() if not pair.is_enough]
    if not failing:
        return
    worst = ", ".join(f"{pair.what} {rounded_down(pair.contrast)}" for pair in failing)
    near = suggestion(scheme.accent, scheme.grounds)
    way_out = f"the nearest of its hue that passes is {near}" if near else "take another"
    scheme_name, need = scheme.grounds.scheme, f"{ENOUGH} is needed"
    yield f"{place} {scheme.accent} cannot be read on {scheme_name} pages ({worst}; {need}): {way_out}."


def _logo(path: Path | None, faults: list[str]) -> File | None:
    if path is None:
        return None
    logo, found = read_logo(path)
    faults.extend(found)
    return _logo_file(logo) if logo else None


def _logo_file(logo: Logo) -> File:
    return _file(logo.content, logo.ending, logo.media_type, _LOGO_POLICY)


def _icon(colours: Palette) -> File:
    """Our icon in the colour of the accent."""
    picture = ICON.read_text("utf-8").replace(_ICON_ACCENT, str(colours.light.accent))
    return _file(picture.encode(), "svg", _SVG, _LOGO_POLICY)


def _file(content: bytes, ending: str, media_type: str, policy: str) -> File:
    return File(f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}", content, media_type, policy)
