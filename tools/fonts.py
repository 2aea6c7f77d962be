"""Refits Sofia Sans for the portal: weights that pages use, and letter forms by language.

The font draws Bulgarian forms unless a text is marked as Russian, and knows nothing of Ukrainian.
Here the usual Cyrillic forms become the default and the Bulgarian ones belong to Bulgarian text (OpenType `locl`).
Pictures of charts are drawn with files of their own: one for all scripts and one weight, without features, since what
draws them takes neither WOFF2 nor a typeface that is spread over files.
The licence (SIL OFL 1.1, no reserved name) lets us.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.varLib import instancer

WEIGHTS = (400, 750)


def refit(source: Path, target: Path) -> None:
    """Writes the refitted font of ``source`` to ``target`` as WOFF2."""
    font = TTFont(source)
    _make_usual_forms_default(font)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(target)


def join(sources: Sequence[Path], weight: int, target: Path) -> None:
    """Writes the scripts of ``sources`` in one weight to ``target`` as TrueType, with the usual Cyrillic forms."""
    options = Options()
    options.drop_tables = ["GSUB"]  # pyright: ignore[reportAttributeAccessIssue] (made at run time)
    with tempfile.TemporaryDirectory() as folder:
        parts: list[str] = []
        for source in sources:
            font = TTFont(source)
            _draw_usual_forms(font)
            font = instancer.instantiateVariableFont(font, {"wght": weight})
            font.flavor = None
            parts.append(f"{folder}/{source.stem}.ttf")
            font.save(parts[-1])
        joined: Any = Merger(options=options).merge(parts)
    joined["OS/2"].usWeightClass = weight
    joined.save(target)


def _draw_usual_forms(font: TTFont) -> None:
    """Lets characters stand for the glyphs that Russian text gets."""
    table: Any = font["GSUB"].table
    usual: dict[str, str] = {}
    for script in (record.Script for record in table.ScriptList.ScriptRecord if record.ScriptTag == "cyrl"):
        for language in (record.LangSys for record in script.LangSysRecord if record.LangSysTag == "RUS "):
            features = [table.FeatureList.FeatureRecord[index] for index in language.FeatureIndex]
            for feature in (each.Feature for each in features if each.FeatureTag == "locl"):
                for index in feature.LookupListIndex:
                    for step in table.LookupList.Lookup[index].SubTable:
                        usual |= getattr(step, "ExtSubTable", step).mapping
    for characters in font["cmap"].tables:
        characters.cmap = {code: usual.get(name, name) for code, name in characters.cmap.items()}


def _make_usual_forms_default(font: TTFont) -> None:
    scripts: list[Any] = font["GSUB"].table.ScriptList.ScriptRecord
    for script in (record.Script for record in scripts if record.ScriptTag == "cyrl"):
        usual = next((record for record in script.LangSysRecord if record.LangSysTag == "RUS "), None)
        if usual is not None:
            bulgarian: Any = otTables.LangSysRecord()  # pyright: ignore[reportAttributeAccessIssue] (made at run time)
            bulgarian.LangSysTag = "BGR "
            bulgarian.LangSys = script.DefaultLangSys
            script.DefaultLangSys = usual.LangSys
            script.LangSysRecord = [bulgarian, usual]
            script.LangSysCount = 2
