"""Trains models, in a process of its own: ``python -m viche_social.trainer`` reads examples and writes what came out.

scikit-learn and what it brings along are never in the memory of the service: the process ends with its work.
"""

import base64
import json
import os
import resource
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from viche_social.domain.learning import (
    PLACES,
    Example,
    Figures,
    Guess,
    Model,
    distinct,
    features,
    fold_of,
    learnable,
    measured,
    threshold_of,
)

FOLDS = 5
MOST_MEMORY_BYTES = 2 << 30
"""Of addresses: libraries reserve more than they use."""
_NICE = 10
_STRENGTH = 1.0
_TEMPERATURES = (0.01, 20.0)


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of training; no model where none is better than the word lists."""

    figures: Figures
    model: Model | None = None


def train(examples: Sequence[Example]) -> Trained | None:
    """Trains a model, and measures it on examples that it has not seen (k-fold).

    Temperature and threshold of each fold come from the other folds, so that the figures flatter nobody.

    Returns:
        None where the examples are too few.
    """
    known = distinct(examples)
    labels = learnable(known)
    if not labels:
        return None
    import numpy as np

    matrix, folds = _matrix(known), np.array(fold_of(known, FOLDS))
    said = [each.said for each in known]
    usable = np.array([each in labels for each in said])
    scores = np.zeros((len(known), len(labels)))
    for fold in range(FOLDS):
        held, rest = folds == fold, (folds != fold) & usable
        weights, offsets = _fit(matrix[rest], [said[each] for each in np.flatnonzero(rest)], labels)
        scores[held] = matrix[held] @ weights.T + offsets
    spoken = [""] * len(known)
    for fold in range(FOLDS):
        held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        temperature = _temperature(scores[rest], [said[each] for each in rest], labels)
        threshold = threshold_of(_guesses(scores[rest] / temperature, [said[each] for each in rest], labels))
        for each, guess in zip(held, _guesses(scores[held] / temperature, [""] * len(held), labels), strict=True):
            spoken[each] = guess.label if guess.probability >= threshold else ""
    figures = measured(spoken, known)
    temperature = _temperature(scores, said, labels)
    threshold = threshold_of(_guesses(scores / temperature, said, labels))
    if not figures.is_better or threshold > 1:
        return Trained(figures)
    weights, offsets = _fit(matrix[usable], [each for each in said if each in labels], labels)
    flat: array[float] = array("f")
    flat.frombytes((weights / temperature).T.astype(np.float32).tobytes())
    return Trained(figures, Model(tuple(labels), flat, tuple(float(each) for each in offsets / temperature), threshold))


def _matrix(examples: Sequence[Example]) -> Any:
    from scipy.sparse import csr_matrix

    starts, places, values = [0], array("l"), array("d")
    for each in examples:
        found = features(each.text)
        places.extend(found.keys())
        values.extend(found.values())
        starts.append(len(places))
    return csr_matrix((values, places, starts), shape=(len(examples), PLACES))


def _fit(matrix: Any, said: Sequence[str], labels: Sequence[str]) -> tuple[Any, Any]:
    """Weights and offsets, a row for each label."""
    import numpy as np
    from sklearn.svm import LinearSVC  # of the linear ones the fastest by far where texts are few and n-grams many

    fitted = LinearSVC(C=_STRENGTH, random_state=0).fit(matrix, list(said))
    assert list(fitted.classes_) == list(labels)  # each fold has all labels
    weights: Any = fitted.coef_
    offsets: Any = fitted.intercept_
    if len(labels) == 2:
        weights, offsets = np.vstack([0 * weights, weights]), np.array([0.0, offsets[0]])
    return weights, offsets


def _temperature(scores: Any, said: Sequence[str], labels: Sequence[str]) -> float:
    """What scores are divided by for their probabilities to be true (Guo et al. 2017)."""
    import numpy as np
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    place = {label: each for each, label in enumerate(labels)}
    rows = [each for each, label in enumerate(said) if label in place]
    columns = [place[said[each]] for each in rows]

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores[rows] / np.exp(log_temperature), axis=1)
        return -float(logs[range(len(rows)), columns].mean())

    least, most = np.log(_TEMPERATURES)
    found: Any = minimize_scalar(loss, bounds=(least, most), method="bounded")
    return float(np.exp(found.x))


def _guesses(scores: Any, said: Sequence[str], labels: Sequence[str]) -> list[Guess]:
    from scipy.special import softmax

    shares = softmax(scores, axis=1)
    best = shares.argmax(axis=1)
    return [
        Guess(labels[int(one)], float(shares[row, one]), right)
        for row, (one, right) in enumerate(zip(best, said, strict=True))
    ]


def written(trained: Trained | None) -> str:
    """As the process writes it."""
    if trained is None:
        return "null"
    model = trained.model
    return json.dumps({"figures": asdict(trained.figures), "model": document(model) if model else None})


def document(model: Model) -> dict[str, Any]:
    """A model as it is kept."""
    return {
        "labels": model.labels, "offsets": model.offsets, "threshold": model.threshold,
        "weights": base64.b64encode(model.weights.tobytes()).decode(),
    }  # fmt: skip


def main() -> None:
    """Reads examples from standard input, and writes what came of them."""
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    examples = [Example(*each) for each in json.load(sys.stdin)]
    sys.stdout.write(written(train(examples)))


if __name__ == "__main__":
    main()
