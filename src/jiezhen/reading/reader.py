"""The reader: from a text to a `Document`, in one pass over its blocks and sentences."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from jiezhen.reading import (
    commitments,
    kinds,
    objects,
    periods,
    places,
    relations,
    standing,
    tables,
)
from jiezhen.reading.draft import Draft, Sentence
from jiezhen.reading.frames import Frame, frames, mood_of, setting_of
from jiezhen.reading.layout import Block, blocks
from jiezhen.reading.model import Document, Figure, Paragraph, Section
from jiezhen.reading.names import NamedSpans, is_rank, reason
from jiezhen.reading.numbers import Token, tokens

_SENTENCE: Final = re.compile(r"[^。！？；!?;]{1,1500}[。！？；!?;]{0,9}|[。！？；!?;]{1,1500}")


def read(text: str) -> Document:
    """Return the sections, figures and commitments of a Chinese government text.

    Shape: figures in document order, numbers in names included with kind "id"; commitments in document order.
    Unit: see `Figure`. Offsets count characters of `text` as given.
    Errors: none; a text without figures gives a document without figures, an empty text an empty document.
    """
    parts = blocks(text)
    setting = setting_of(parts)
    framed = frames(parts, setting)
    drafts: list[Draft] = []
    sentences: list[Sentence] = []
    for block, frame in zip(parts, framed, strict=True):
        if block.form == "table":
            continue
        for sentence in _sentences(block, frame):
            found = _drafts(sentence)
            _understand(found)
            drafts.extend(found)
            sentences.append(sentence)
    drafts.extend(tables.drafts(text, parts, framed))
    drafts.sort(key=lambda draft: (draft.sentence.block.start, draft.start))
    _number(drafts)
    relations.repeats(drafts)
    figures = tuple(_figure(text, draft) for draft in drafts)
    return Document(
        text=text,
        title=setting.title,
        period=setting.period,
        sections=_sections(parts, framed, len(text)),
        paragraphs=tuple(
            Paragraph(b.start, b.end, b.text, b.form, f.headings)
            for b, f in zip(parts, framed, strict=True)
        ),
        figures=figures,
        commitments=commitments.commitments(sentences, drafts, figures),
    )


def _sentences(block: Block, frame: Frame) -> list[Sentence]:
    named = NamedSpans(block.text)
    return [
        Sentence(block, found.start(), found.end(), frame, named)
        for found in _SENTENCE.finditer(block.text)
    ]


def _drafts(sentence: Sentence) -> list[Draft]:
    found = []
    for token in tokens(sentence.text, sentence.start, sentence.end):
        why = reason(sentence.text, token, sentence.named)
        if why != "word":
            found.append(_draft(sentence, token, why))
    return found


def _draft(sentence: Sentence, token: Token, why: str | None) -> Draft:
    draft = Draft(
        sentence,
        token.start,
        token.end,
        token.low,
        token.high,
        token.value,
        token.unit,
        token.comparator,
        token.qualifier,
        token.upper,
    )
    if why is not None:
        draft.kind, draft.rule = "id", f"name: {why}"
    elif is_rank(sentence.text, token):
        draft.kind, draft.start = "rank", token.start - 1
        draft.low = min(draft.low, draft.start)
    elif token.unit == "大":
        draft.unit, draft.rule = None, "set"
    return draft


def _understand(found: list[Draft]) -> None:
    claims = [draft for draft in found if draft.is_claim]
    for draft in claims:
        kinds.set_kind(draft)
    for previous, draft in pairwise(claims):
        kinds.follow(draft, previous)
    standing.settle(claims)
    objects.cut(claims)
    relations.relate(claims)
    objects.set_objects(claims)
    for draft in claims:
        periods.set_period(draft)
        places.set_place(draft)


def _number(drafts: list[Draft]) -> None:
    for count, draft in enumerate(drafts, 1):
        draft.id = f"f{count}"


def _figure(text: str, draft: Draft) -> Figure:
    joined = draft.sentence.block.joined
    start, end = draft.span or joined.span(draft.start, draft.end)
    sentence = draft.sentence
    quote = sentence.text[sentence.start : sentence.end].strip()
    return Figure(
        id=draft.id,
        start=start,
        end=end,
        span=text[start:end],
        value=draft.value,
        unit=draft.unit,
        comparator=draft.comparator,
        kind=draft.kind,
        object=draft.object,
        action=draft.action,
        period=draft.period,
        section=sentence.frame.headings,
        quote=quote,
        of=draft.of.id if draft.of else None,
        parts=tuple(part.id for part in draft.parts),
        with_=draft.paired.id if draft.paired else None,
        each=draft.each,
        objects=draft.objects,
        estimate=draft.estimate,
        cumulative=draft.cumulative,
        direction=draft.direction,
        base_period=draft.base_period,
        duplicate_of=draft.duplicate_of.id if draft.duplicate_of else None,
        place=draft.place,
        qualifier=draft.qualifier,
        upper=draft.upper,
        rule=draft.rule,
    )


def _sections(parts: list[Block], framed: list[Frame], length: int) -> tuple[Section, ...]:
    heads = [
        (block, frame)
        for block, frame in zip(parts, framed, strict=True)
        if block.form == "heading"
    ]
    return _tree(heads, length)


def _tree(heads: list[tuple[Block, Frame]], limit: int) -> tuple[Section, ...]:
    """Return the headings as a tree; a heading owns those of lower rank that follow it."""
    tree: list[Section] = []
    index = 0
    while index < len(heads):
        block, frame = heads[index]
        following = index + 1
        while following < len(heads) and heads[following][0].rank > block.rank:
            following += 1
        end = heads[following][0].start if following < len(heads) else limit
        inner = _tree(heads[index + 1 : following], end)
        tree.append(
            Section(
                block.text,
                block.rank,
                block.start,
                end,
                mood_of(block.text) or frame.mood,
                frame.period,
                inner,
            )
        )
        index = following
    return tuple(tree)
