"""Finds cues among words: a tree of phrases, walked from every word that begins one.

A cue is written as people say it: ``still|been waiting``. ``a|b`` is a choice, ``a?`` may be missing, ``wait~``
stands for all forms of the verb, ``{span}`` for a named set of words, ``...`` for up to three words in between.
Most words of a post begin no cue, so one look-up each is all they cost; a walk is bounded by the cue's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product, zip_longest
from typing import Final, Generic, NamedTuple, TypeVar

from bot.triage.features import ENDS, NUMBER, OLD, plain_word

#: Most words that ``...`` stands for.
GAP: Final = 3
_ANY: Final = "..."

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """A cue met in a post: words from ``start`` up to ``end``."""

    start: int
    end: int
    cue: T


@dataclass(slots=True)
class _Node(Generic[T]):
    next: dict[str, _Node[T]] = field(default_factory=dict)
    gap: _Node[T] | None = None
    cues: list[T] = field(default_factory=list)


class Phrases(Generic[T]):
    """A book of phrases, each with what it means; written once."""

    def __init__(self, sets: Mapping[str, str], meanings: Iterable[tuple[str, T]]) -> None:
        """Write down every phrase of ``meanings``.

        Raises:
            KeyError: one names a set that is not in ``sets``; IndexError: all words of one may be missing.
        """
        self._sets = sets
        begun: dict[str, list[tuple[list[list[str]], T]]] = {}
        for phrase, cue in meanings:
            for word, rest in _begins([self._choices(item) for item in phrase.split()]):
                begun.setdefault(word, []).append((rest, cue))
        # One beginning after the other: the tree of all of them, not yet shared, takes ten times the memory.
        known: dict[object, _Node[T]] = {}
        self._root = _Node({word: _shared(self._grown(endings), known) for word, endings in begun.items()})

    def _grown(self, endings: Iterable[tuple[list[list[str]], T]]) -> _Node[T]:
        """Return the tree of all that may follow one word."""
        root: _Node[T] = _Node()
        for choices, cue in endings:
            for words in product(*choices):
                node = root
                for word in " ".join(words).split():
                    node = self._step(node, word)
                node.cues.append(cue)
        return root

    def find(self, words: Sequence[str]) -> list[Hit[T]]:
        """Return every cue met in ``words``, in order of its beginning."""
        begins = self._root.next
        hits: list[Hit[T]] = []
        for start, (word, following) in enumerate(zip_longest(words, words[1:], fillvalue="")):
            node = begins.get(word)
            if node is not None and (node.cues or node.gap is not None or following in node.next):
                _walk(node, words, start, hits)
        return hits

    def _choices(self, item: str) -> list[str]:
        """Return every form that may stand at one place of a phrase; nothing at all is one of them."""
        optional = item.endswith("?")
        named = (
            self._sets[word[1:-1]].split() if word[0] == "{" else [word] for word in item.removesuffix("?").split("|")
        )
        choices = {form for words in named for word in words for form in _forms(word)}
        return sorted(choices | {""} if optional else choices)

    @staticmethod
    def _step(node: _Node[T], word: str) -> _Node[T]:
        if word != _ANY:
            return node.next.setdefault(word, _Node())
        node.gap = node.gap or _Node()
        return node.gap


def _begins(choices: Sequence[list[str]]) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield every word that may begin a phrase, with the choices that follow it; a first place may be empty."""
    for choice in choices[0]:
        word, _, more = choice.partition(" ")
        if word:
            yield word, [[more], *choices[1:]]
        else:
            yield from _begins(choices[1:])


def _shared(node: _Node[T], known: dict[object, _Node[T]]) -> _Node[T]:
    """Return ``node`` with equal branches made one: a tenth of the memory, so that it stays near the processor."""
    node.next = {word: _shared(child, known) for word, child in node.next.items()}
    node.gap = node.gap and _shared(node.gap, known)
    branches = frozenset((word, id(child)) for word, child in node.next.items())
    return known.setdefault((branches, id(node.gap), tuple(map(id, node.cues))), node)


def _walk(node: _Node[T], words: Sequence[str], start: int, hits: list[Hit[T]]) -> None:
    """Add to ``hits`` every cue that begins at ``start``, where ``node`` stands behind the first word."""
    open_ = [(node, start + 1)]
    while open_:
        node, at = open_.pop()
        hits.extend([Hit(start, at, cue) for cue in node.cues])
        if at == len(words):
            continue
        onward = node.next.get(words[at])
        if onward is not None:
            open_.append((onward, at + 1))
        if node.gap is not None:
            open_.extend(_leap(node.gap, words, at))


def _leap(gap: _Node[T], words: Sequence[str], at: int) -> Iterator[tuple[_Node[T], int]]:
    for place in range(at, min(at + GAP + 1, len(words))):
        if words[place] in ENDS:
            return
        if words[place] in gap.next:
            yield gap.next[words[place]], place + 1


def _forms(word: str) -> set[str]:
    """Return how ``word`` is compared, with all its forms when it ends in ``~``; ``0`` is any number."""
    if word == NUMBER:
        return {NUMBER, OLD}
    if not word.endswith("~"):
        return {" ".join(map(plain_word, word.split("_")))}
    stem = word[:-1]
    forms = {stem, stem + "s", stem + "es", stem + "ed", stem + "ing", stem + stem[-1] + "ed", stem + stem[-1] + "ing"}
    if stem.endswith("e"):
        forms |= {stem + "d", stem[:-1] + "ing"}
    if stem.endswith("y"):
        forms |= {stem[:-1] + "ied", stem[:-1] + "ies"}
    return set(map(plain_word, forms))
