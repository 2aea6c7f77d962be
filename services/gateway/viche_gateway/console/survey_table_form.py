"""What an officer asks of a table of two questions: all of it stands in the address, so a link takes a part away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from viche.surveys.v1 import results_pb2 as pb
from werkzeug.datastructures import MultiDict

from viche_chassis.errors import DomainError, InvalidFields
from viche_gateway import forms, sentences
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.results.view import QuestionView, ResultsView, Shape

MOST_FILTERS = 20
MOST_WEIGHTS = 6
_MOST_CHARS = 400
_ROUNDING = 0.5
"""Shares are often given in whole per cents: their sum may be so far from 100."""

Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be asked, in words.

    Attributes:
        facets: what can stand in rows or columns.
        filters: an answer each, as its question and its code with a blank between: no code has one.
        weights: codes and labels of the questions that answers can be weighted by.
    """

    facets: Mapping[str, str]
    filters: Mapping[str, Answer]
    weights: Mapping[str, Sequence[tuple[str, str]]]

    def answer(self, value: str) -> Answer:
        """Of a filter; where nobody has given that answer, its codes."""
        return self.filters.get(value) or Answer(*value.partition(" ")[::2])

    def label(self, facet: str, code: str) -> str:
        """What a code means; empty where nobody has answered that."""
        found = self.filters.get(f"{facet} {code}")
        return found.answer if found else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        only: filters, as they are offered.
        shares: by question and code, per cent as they were written.
    """

    rows: str = ""
    columns: str = ""
    only: Sequence[str] = ()
    shares: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_anything(self) -> bool:
        """Whether a table is asked for."""
        return bool(self.rows or self.columns or self.only or self.shares)

    @property
    def weights(self) -> Mapping[str, Mapping[str, str]]:
        """Of questions for which at least one share is written."""
        return {name: shares for name, shares in self.shares.items() if any(shares.values())}

    def query(self) -> dict[str, str | Sequence[str]]:
        """What stands in the address."""
        shares = {
            field_of(name, code): text for name, texts in self.shares.items() for code, text in texts.items() if text
        }
        told = {"rows": self.rows, "columns": self.columns, "only": self.only, "weigh": list(self.shares), **shares}
        return {name: value for name, value in told.items() if value}

    def without_filter(self, value: str) -> Query:
        """The address that asks the same of more answers."""
        return replace(self, only=[each for each in self.only if each != value]).query()

    def without_weight(self, name: str) -> Query:
        """The address that asks the same with a question less to weight by."""
        return replace(self, shares={key: value for key, value in self.shares.items() if key != name}).query()

    def form(self, errors: Mapping[str, str] | None = None) -> Form:
        """The fields; those that add something are empty again."""
        shares = {field_of(name, code): text for name, texts in self.shares.items() for code, text in texts.items()}
        return Form({"rows": self.rows, "columns": self.columns, "only": "", "weigh": "", **shares}, errors or {})


def offers_of(view: ResultsView) -> Offers:
    """What numbers of a survey let ask."""
    questions = view.questions
    return Offers(
        facets=dict(each for question in questions for each in _facets(question)),
        filters=dict(each for question in questions for each in _filters(question)),
        weights={
            each.name: [(bar.code, bar.label) for bar in each.bars]
            for each in questions
            if each.bars and not each.is_multiple
        },
    )


def read(args: MultiDict[str, str], offers: Offers) -> Asked:
    """What an address asks."""

    def one(name: str) -> str:
        return _clean(args.get(name, ""))

    only = dict.fromkeys(value for each in args.getlist("only") if " " in (value := _clean(each)))
    weights = [name for name in dict.fromkeys(args.getlist("weigh")) if name in offers.weights][:MOST_WEIGHTS]
    shares = {name: {code: one(field_of(name, code)).strip() for code, _ in offers.weights[name]} for name in weights}
    return Asked(one("rows"), one("columns"), list(only)[:MOST_FILTERS], shares)


def faults(asked: Asked, offers: Offers) -> dict[str, str]:
    """Sentences by field."""
    found = forms.missing(asked.form(), "rows")
    for name, texts in asked.weights.items():
        numbers = {code: _percent(text) for code, text in texts.items()}
        wrong = [code for code, number in numbers.items() if number is None]
        for code in wrong:
            found[field_of(name, code)] = sentences.sentence("OUT_OF_RANGE", {"least": "0", "most": "100"})
        if not wrong and abs(sum(number or 0.0 for number in numbers.values()) - 100) > _ROUNDING:
            said = sentences.sentence("SHARES_NOT_WHOLE", {"value": offers.facets[name]})
            found[field_of(name, next(iter(texts)))] = said
    return found


def message(survey_id: str, asked: Asked) -> pb.GetCrosstabRequest:
    """What is asked of the service. Answers to the same question are one filter: any of them will do."""
    wanted = pb.GetCrosstabRequest(survey_id=survey_id, rows=asked.rows, columns=asked.columns)
    codes: dict[str, list[str]] = {}
    for each in asked.only:
        facet, _, code = each.partition(" ")
        codes.setdefault(facet, []).append(code)
    for facet, chosen in codes.items():
        question, _, row = facet.partition(".")
        wanted.filters.add(question=question, row=row, codes=chosen)
    for name, texts in asked.weights.items():
        shares = {code: (_percent(text) or 0.0) / 100 for code, text in texts.items()}
        wanted.margins.add(question=name, shares=shares)
    return wanted


def refused(asked: Asked, offers: Offers, error: DomainError) -> Form:
    """The form with what the service said of it."""
    names = {f"filters[{place}].{name}": "only" for place in range(MOST_FILTERS) for name in ("question", "codes")}
    for place, (name, texts) in enumerate(asked.weights.items()):
        names |= dict.fromkeys((f"margins[{place}].{part}" for part in ("question", "shares")), _first(name, texts))
    if not isinstance(error, InvalidFields):
        return forms.refused(asked.form(), error, names)
    found: dict[str, str] = {}
    for each in error.violations:
        name = names.get(each.field, each.field)
        if each.reason == "NOBODY_ANSWERED":
            asking = next((key for key, texts in asked.weights.items() if _first(key, texts) == name), "")
            code = each.values.get("value", "")
            label = dict(offers.weights.get(asking, ())).get(code, code)
            found[field_of(asking, code)] = sentences.sentence(each.reason, {"value": label})
        else:
            found[name] = sentences.of_violation(each)
    return asked.form({name if name in asked.form().values else "": said for name, said in found.items()})


def field_of(name: str, code: str) -> str:
    """The field for the share of an answer."""
    return f"share:{name}:{code}"


def _first(name: str, texts: Mapping[str, str]) -> str:
    return field_of(name, next(iter(texts)))


def _percent(text: str) -> float | None:
    """0 where nothing is written; None where that is no share."""
    try:
        number = float(text.removesuffix("%").strip().replace(",", ".") or 0)
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None


def _clean(text: str) -> str:
    return text.replace("\x00", "")[:_MOST_CHARS]


def _facets(question: QuestionView) -> Iterator[tuple[str, str]]:
    if question.shape in (Shape.BARS, Shape.SCALE):
        yield question.name, question.text
    for stack in question.stacks:
        yield f"{question.name}.{stack.code}", f"{question.text} – {stack.label}"


def _filters(question: QuestionView) -> Iterator[tuple[str, Answer]]:
    for bar in question.bars:
        yield f"{question.name} {bar.code}", Answer(question.text, bar.label)
    for stack in question.stacks:
        for part in stack.parts:
            answer = Answer(f"{question.text} – {stack.label}", part.bar.label)
            yield f"{question.name}.{stack.code} {part.bar.code}", answer
