"""Every write of a matter; one public function for each thing that a person can do."""

from jiezhen.matters.operations.asking import (
    UnableToAsk,
    ask,
    decide,
    length,
    offered,
    resume,
    take_back,
)
from jiezhen.matters.operations.callers import (
    NotForSubject,
    Opened,
    UnknownReceipt,
    answer,
    by_receipt,
    open_matter,
    reveal_party,
)
from jiezhen.matters.operations.caring import (
    Outcome,
    assign,
    contact,
    contact_move,
    note_course,
    note_export,
    supervise,
)
from jiezhen.matters.operations.hearing import OtherWords, Over, TooLong, Words, hear, note
from jiezhen.matters.operations.joining import Part, UnableToJoin, merge, split, unmerge
from jiezhen.matters.operations.learning import UnableToLearn, retrain, want
from jiezhen.matters.operations.moving import UnableToUndo, move, say, undo
from jiezhen.matters.operations.reporting import add_photos, report, supplement
from jiezhen.matters.operations.steps import MOST_SAID

__all__ = [
    "MOST_SAID",
    "NotForSubject",
    "Opened",
    "OtherWords",
    "Outcome",
    "Over",
    "Part",
    "TooLong",
    "UnableToAsk",
    "UnableToJoin",
    "UnableToLearn",
    "UnableToUndo",
    "UnknownReceipt",
    "Words",
    "add_photos",
    "answer",
    "ask",
    "assign",
    "by_receipt",
    "contact",
    "contact_move",
    "decide",
    "hear",
    "length",
    "merge",
    "move",
    "note",
    "note_course",
    "note_export",
    "offered",
    "open_matter",
    "report",
    "resume",
    "retrain",
    "reveal_party",
    "say",
    "split",
    "supervise",
    "supplement",
    "take_back",
    "undo",
    "unmerge",
    "want",
]
