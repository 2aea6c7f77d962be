"""Refits Sofia Sans for the portal: weights that pages use, and letter forms by language.

The font draws Bulgarian forms unless a text is marked as Russian, and knows nothing of Ukrainian.
Here the usual Cyrillic forms become the default and the Bulgarian ones belong to Bulgarian text (OpenType `locl`).
The licence (SIL OFL 1.1, no reserved name) lets us.
"""

from pathlib import Path
from typing import Any

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
