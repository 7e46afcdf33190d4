"""Proposals of a category from words, learned from cases that people sorted before.

A text is counted as its character 1- to 3-grams, weighed (TF-IDF, length 1) and given to a linear
classifier: one row of weights a gram, one column a class, and softmax of the sum. Only `train`
needs scikit-learn; to propose takes numpy alone. A trained model is kept as plain arrays and JSON,
under a keyed seal that is checked before anything is parsed, so that reading a file runs no code.
"""

from __future__ import annotations

import hmac
import io
import json
import math
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

VERSION = 1
#: Cases that are needed before anything is proposed, and how they have to be spread.
LEAST_CASES, LEAST_CLASSES, LEAST_EACH = 300, 2, 20
#: A class with fewer cases is left out.
TINY = 10
#: The newest cases that are learned from, and the grams that are told apart.
MOST_CASES, MOST_GRAMS = 20_000, 30_000
FOLDS = 5
_LENGTH = 2000
_STRENGTH = 10.0
_MAGIC = b"JIEZHEN-LEARNED-1\n"
_SEAL = 64

Floats = NDArray[np.floating[Any]]


class BadModel(Exception):
    """The file is not a model that this machine has written, or it was damaged."""


class TooFew(Exception):
    """There are not enough cases to learn from."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is missing before one can learn; nothing when both are 0. Unit: cases, classes."""

    cases: int
    classes: int
    counted: int

    def __bool__(self) -> bool:
        """Say whether something is missing."""
        return bool(self.cases or self.classes)


@dataclass(frozen=True, slots=True)
class Measures:
    """How well a model proposed for cases that it had not seen. Shares are parts of 1.

    `largest` is the share of the largest class: what always naming it would reach. `classes` are
    label → [cases, first proposal right, one of three right]; `left_out` label → cases.
    """

    cases: int
    accuracy: float
    accuracy3: float
    largest: float
    classes: dict[str, list[int]]
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained classifier: grams × classes, what it reached, and what it is about."""

    labels: tuple[str, ...]
    grams: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    measures: Measures
    about: dict[str, Any] = field(default_factory=dict)

    def propose(self, text: str, most: int = 3) -> list[tuple[str, float]]:
        """Return the likeliest labels with their probabilities, the likeliest first.

        Over all labels the shares add up to 1. A text without one known gram gets no proposal.
        """
        places, values = vector(counted(text), self.grams, self.idf)
        if not len(places):
            return []
        sums = self.bias.astype(float) + values @ self.weights[places].astype(float)
        shares = np.exp(sums - sums.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")[:most]
        return [(self.labels[i], float(shares[i])) for i in order]


def normal(text: str) -> str:
    """Return a text as it is compared: one width, one case, every digit 0, single blanks."""
    plain = unicodedata.normalize("NFKC", text[:_LENGTH]).casefold()
    return re.sub(r"\d", "0", re.sub(r"\s+", " ", plain)).strip()


def counted(text: str) -> Counter[str]:
    """Return how often each run of one to three characters stands in a text."""
    plain = normal(text)
    return Counter(
        plain[at : at + size] for size in (1, 2, 3) for at in range(len(plain) - size + 1)
    )


def vector(
    counts: Mapping[str, int], grams: Mapping[str, int], idf: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """Return the places of the known grams and their weights: (1 + ln n) · idf, of length 1."""
    known = sorted((grams[g], n) for g, n in counts.items() if g in grams)
    places = np.array([place for place, _n in known], dtype=np.int64)
    values = np.array([1 + math.log(n) for _place, n in known]) * idf[places].astype(float)
    length = float(np.sqrt((values**2).sum()))
    return places, values / length if length else values


def shortage(counts: Mapping[str, int]) -> Shortage:
    """Return what is missing, from the number of cases of each label."""
    total = sum(counts.values())
    large = sum(1 for n in counts.values() if n >= LEAST_EACH)
    return Shortage(max(0, LEAST_CASES - total), max(0, LEAST_CLASSES - large), total)


def folds(texts: Sequence[str], labels: Sequence[str]) -> list[int]:
    """Return for each case the part in which it is tested; the same for the same cases.

    Every class is dealt out evenly. Cases with the same words lie in one part, so that none is
    tested on words that were learned by heart.
    """
    first: dict[str, str] = {}
    for text, label in zip(map(normal, texts), labels, strict=True):
        first.setdefault(text, label)
    dealt: dict[str, int] = {}
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in first.items():
        by_label[label].append(text)
    for some in by_label.values():
        mixed = sorted(some, key=lambda t: sha256(t.encode()).digest())
        dealt |= {text: place % FOLDS for place, text in enumerate(mixed)}
    return [dealt[normal(text)] for text in texts]


def train(
    texts: Sequence[str], labels: Sequence[str], about: Mapping[str, Any] | None = None
) -> Model:
    """Return a model of all cases, measured on cases that each part of it had not seen.

    The same cases give the same model.

    Raises:
        TooFew: There are fewer cases or classes than `shortage` asks for.
    """
    counts = Counter(labels)
    if shortage(counts):
        raise TooFew
    kept = [i for i, label in enumerate(labels) if counts[label] >= TINY]
    left_out = {label: n for label, n in sorted(counts.items()) if n < TINY}
    texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
    grams = [counted(text) for text in texts]
    measures = _measured(texts, grams, labels, left_out)
    return Model(*_fitted(grams, labels), measures, dict(about or {}))


def _measured(
    texts: Sequence[str],
    grams: Sequence[Counter[str]],
    labels: Sequence[str],
    left_out: dict[str, int],
) -> Measures:
    classes = {label: [n, 0, 0] for label, n in sorted(Counter(labels).items())}
    parts = folds(texts, labels)
    blank = Measures(0, 0, 0, 0, {}, {})
    for part in range(FOLDS):
        seen = [i for i, p in enumerate(parts) if p != part]
        model = Model(*_fitted([grams[i] for i in seen], [labels[i] for i in seen]), blank)
        for i, p in enumerate(parts):
            if p == part:
                named = [label for label, _share in model.propose(texts[i])]
                classes[labels[i]][1] += named[:1] == [labels[i]]
                classes[labels[i]][2] += labels[i] in named
    total = len(labels)
    first, three = (sum(c[place] for c in classes.values()) / total for place in (1, 2))
    largest = max(c[0] for c in classes.values()) / total
    return Measures(total, first, three, largest, classes, left_out)


def _fitted(
    counts: Sequence[Counter[str]], labels: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, int], Floats, Floats, Floats]:
    """Return labels, grams, idf, weights and bias of a classifier of these cases."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # heavy, so only here
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    grams, idf = _vocabulary(counts)
    rows = [vector(c, grams, idf) for c in counts]
    ends = np.cumsum([0, *(len(places) for places, _values in rows)])
    places = np.concatenate([r[0] for r in rows])
    values = np.concatenate([r[1] for r in rows])
    table = csr_matrix((values, places, ends), shape=(len(rows), len(grams)))
    names = tuple(sorted(set(labels)))
    if len(names) == 1:
        return names, grams, idf, np.zeros((len(grams), 1), np.float32), np.zeros(1, np.float32)
    found = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-3).fit(table, list(labels))
    weights, bias = found.coef_.T, found.intercept_
    if len(names) == 2:
        # Of two classes scikit-learn tells the second one's lead; softmax wants both.
        weights = np.column_stack([np.zeros(len(grams)), weights[:, 0]])
        bias = np.array([0.0, bias[0]])
    return names, grams, idf, weights.astype(np.float32), bias.astype(np.float32)


def _vocabulary(counts: Sequence[Counter[str]]) -> tuple[dict[str, int], Floats]:
    """Return the grams that stand in two cases or more, the most frequent, and their idf."""
    frequency: Counter[str] = Counter()
    for one in counts:
        frequency.update(one.keys())
    chosen = sorted((g for g, n in frequency.items() if n > 1), key=lambda g: (-frequency[g], g))
    chosen = sorted(chosen[:MOST_GRAMS])
    idf = [math.log((1 + len(counts)) / (1 + frequency[g])) + 1 for g in chosen]
    return {g: place for place, g in enumerate(chosen)}, np.array(idf, np.float32)


def packed(model: Model) -> bytes:
    """Return a model as plain arrays and JSON, without anything that could run."""
    head = {
        "version": VERSION,
        "labels": model.labels,
        "grams": sorted(model.grams, key=model.grams.__getitem__),
        "measures": asdict(model.measures),
        "about": model.about,
    }
    text = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8)
    out = io.BytesIO()
    np.savez(out, head=text, idf=model.idf, weights=model.weights, bias=model.bias)
    return out.getvalue()


def unpacked(content: bytes) -> Model:
    """Return the model that `packed` wrote.

    Raises:
        BadModel: Parts are missing, do not fit each other, or are not plain numbers.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            head = json.loads(parts["head"].tobytes())
            idf, weights, bias = parts["idf"], parts["weights"], parts["bias"]
        grams = {str(g): place for place, g in enumerate(head["grams"])}
        labels = tuple(map(str, head["labels"]))
        measures, about = Measures(**head["measures"]), dict(head["about"])
        version = head["version"]
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as bad:
        raise BadModel(str(bad)) from bad
    fits = (len(grams),) == idf.shape and (len(grams), len(labels)) == weights.shape
    numbers = all(a.dtype == np.float32 and np.isfinite(a).all() for a in (idf, weights, bias))
    if version != VERSION or not fits or bias.shape != (len(labels),) or not numbers:
        raise BadModel("parts do not fit")
    return Model(labels, grams, idf, weights, bias, measures, about)


def sealed(content: bytes, key: bytes) -> bytes:
    """Return the content behind a seal that only the key's holder can make."""
    return _MAGIC + hmac.new(key, content, sha256).hexdigest().encode() + content


def unsealed(data: bytes, key: bytes) -> bytes:
    """Return the content behind a seal; nothing of it is parsed here.

    Raises:
        BadModel: The seal is missing, of another key, or the content was changed.
    """
    start = len(_MAGIC) + _SEAL
    seal, content = data[len(_MAGIC) : start], data[start:]
    right = hmac.new(key, content, sha256).hexdigest().encode()
    if not data.startswith(_MAGIC) or not hmac.compare_digest(seal, right):
        raise BadModel("wrong seal")
    return content
