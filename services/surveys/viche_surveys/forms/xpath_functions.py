"""Functions of XPath and ODK XForms, and what each is in CEL.

Source: the ODK XForms specification, https://getodk.github.io/xforms-spec/#xpath-functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives, Level
from viche_surveys.forms.scope import Untranslatable

MOST = 32
EPOCH = "1970-01-01"
NOT_TAKEN = frozenset({
    "indexed-repeat", "pulldata", "instance", "jr:choice-name", "jr:itext", "uuid", "random", "once", "digest",
    "base64-decode", "substr", "substring", "substring-before", "substring-after", "substring-between", "translate",
    "normalize-space", "join", "string-join", "checklist", "weighted-checklist", "area", "distance", "enclosed-area",
    "geofence", "pow", "log", "log10", "exp", "exp10", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
    "pi", "format-date-time", "format-number", "randomize", "extract-signed", "version", "property", "id", "lang",
    "name", "local-name", "namespace-uri", "last", "intersects", "phone-call", "thousands-sep", "comma-separated",
    "exists", "is-null", "hexdecode", "ceiling-date", "decimal-time", "cosine-similarity",
})  # fmt: skip
"""Functions that forms may have and that say what cannot be said here."""


def _selected_at(chosen: Cel, index: Cel) -> Cel:
    if not isinstance(index.literal, float):
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="selected-at")
    return Cel(f"{chosen.at(Level.WHOLE)}[{int(index.literal)}]", Gives.TEXT, names=chosen.names)


def _coalesce(*items: Cel) -> Cel:
    gives = items[0].gives if len({item.gives for item in items}) == 1 else Gives.UNKNOWN
    return cel.call("coalesce", *items, gives=gives)


def _regex(subject: Cel, pattern: Cel) -> Cel:
    """A pattern is of the whole text, as in Java's `String.matches`."""
    if not isinstance(pattern.literal, str):
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="regex")
    written = pattern.literal
    if not (written.startswith("^") and written.endswith("$") and not written.endswith("\\$") and "|" not in written):
        written = f"^(?:{written})$"
    return cel.member("matches", _words(subject), cel.text(written), gives=Gives.TRUTH)


def _words(subject: Cel) -> Cel:
    """A text; of a number what is written."""
    if subject.gives in (Gives.TEXT, Gives.DATE, Gives.UNKNOWN):
        return subject
    return cel.call("text", subject, gives=Gives.TEXT)


def _length(subject: Cel) -> Cel:
    return cel.call("size", _words(subject), gives=Gives.NUMBER)


def _whole(subject: Cel) -> Cel:
    """Towards zero."""
    value = cel.as_number(subject)
    rest = cel.call("mod", value, cel.number(1), gives=Gives.NUMBER)
    return cel.binary("-", value, rest, Level.SUM, Gives.NUMBER)


def _round(subject: Cel, digits: Cel | None = None) -> Cel:
    return cel.call("round", cel.as_number(subject), *([digits] if digits else []), gives=Gives.NUMBER)


def _floor(subject: Cel) -> Cel:
    return cel.call("floor", cel.as_number(subject), gives=Gives.NUMBER)


def _ceiling(subject: Cel) -> Cel:
    return cel.minus(cel.call("floor", cel.minus(cel.as_number(subject)), gives=Gives.NUMBER))


def _absolute(subject: Cel) -> Cel:
    value = cel.as_number(subject)
    return cel.call("max", value, cel.minus(value), gives=Gives.NUMBER)


def _date(subject: Cel) -> Cel:
    if subject.shift or subject.gives is Gives.DATE:
        return subject
    if subject.gives is Gives.NUMBER:
        raise Untranslatable("EXPRESSION_DATE_ARITHMETIC")
    return cel.call("date", subject, gives=Gives.DATE)


def _days(subject: Cel) -> Cel:
    """Days since 1970."""
    if subject.gives is Gives.NUMBER:
        return subject
    return cel.call("days_between", cel.text(EPOCH), subject, gives=Gives.NUMBER)


def _formatted(subject: Cel, pattern: Cel) -> Cel:
    if pattern.literal != "%Y-%m-%d":
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="format-date")
    return _date(subject)


def _concat(*items: Cel) -> Cel:
    found = cel.as_text(items[0])
    for item in items[1:]:
        found = cel.binary("+", found, cel.as_text(item), Level.SUM, Gives.TEXT)
    return found


def _from_text(subject: Cel) -> Cel:
    yes = cel.equal(_words(subject), cel.text("true"))
    one = cel.equal(_words(subject), cel.text("1"))
    return cel.some(yes, one)


def _count(subject: Cel) -> Cel:
    """Nodes: of a question in a repeat as many as the repeat has instances."""
    if subject.gives is Gives.NUMBERS:
        return cel.call("count", Cel(subject.source.partition(".map(")[0], Gives.LIST), gives=Gives.NUMBER)
    return cel.call("count", subject, gives=Gives.NUMBER)


def _of(function: str, gives: Gives) -> Callable[..., Cel]:
    return lambda *items: cel.call(function, *items, gives=gives)


def _list(function: str) -> Callable[..., Cel]:
    def made(*items: Cel) -> Cel:
        numbers = [each if each.gives in (Gives.NUMBERS, Gives.DATE) else cel.as_number(each) for each in items]
        return cel.call(function, *numbers, gives=Gives.NUMBER)

    return made


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Cel]]] = {
    "selected": (2, 2, _of("selected", Gives.TRUTH)),
    "count-selected": (1, 1, _of("count", Gives.NUMBER)),
    "selected-at": (2, 2, _selected_at),
    "coalesce": (2, 2, _coalesce),
    "regex": (2, 2, _regex),
    "string-length": (1, 1, _length),
    "number": (1, 1, cel.as_number),
    "int": (1, 1, _whole),
    "round": (1, 2, _round),
    "floor": (1, 1, _floor),
    "ceiling": (1, 1, _ceiling),
    "abs": (1, 1, _absolute),
    "today": (0, 0, lambda: Cel("today()", Gives.DATE)),
    "now": (0, 0, lambda: Cel("today()", Gives.DATE)),
    "date": (1, 1, _date),
    "date-time": (1, 1, _date),
    "decimal-date-time": (1, 1, _days),
    "format-date": (2, 2, _formatted),
    "concat": (1, MOST, _concat),
    "string": (1, 1, lambda subject: cel.call("text", subject, gives=Gives.TEXT)),
    "true": (0, 0, lambda: cel.truth(True)),
    "false": (0, 0, lambda: cel.truth(False)),
    "boolean": (1, 1, cel.as_truth),
    "boolean-from-string": (1, 1, _from_text),
    "contains": (2, 2, _of("contains", Gives.TRUTH)),
    "starts-with": (2, 2, _of("startsWith", Gives.TRUTH)),
    "ends-with": (2, 2, _of("endsWith", Gives.TRUTH)),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _of("count", Gives.NUMBER)),
    "sum": (1, 1, _of("sum", Gives.NUMBER)),
    "min": (1, MOST, _list("min")),
    "max": (1, MOST, _list("max")),
}
