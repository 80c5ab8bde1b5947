"""How the house speaks: who signs how, ready-made words, and whether many people were given the same ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.domain.ids import CaseId, StaffId
from bot.domain.mention import Mention
from bot.domain.staff import Staff

#: What may stand in braces in a template, and what takes its place.
VARIABLES: Final[Mapping[str, str]] = {
    "name": "what the author is called",
    "handle": "the author's account, without an at-sign",
    "case": "the number of the case",
    "account": "the account of ours that answers, without an at-sign",
    "dm_link": "where the author can write to us in private",
    "signature": "how the writer signs",
}
#: From how much of two texts in common they count as the same.
SAME: Final = 0.9
#: Shortest stretch that a text is compared by, in characters: a longer one is cut.
_COMPARED: Final = 3_000

_BRACED: Final = re.compile(r"\{([^{}\n]*)\}")
_OPEN: Final = re.compile(r"\{\s*(" + "|".join(VARIABLES) + r")\s*\}", re.IGNORECASE)
#: What a person signs with by hand: ^AN at the end.
_SIGNED: Final = re.compile(r"(?:^|\s)\^\w[\w.-]{0,19}\s*$")
_WORD: Final = re.compile(r"\w+")
_NAMED: Final = re.compile(r"@[\w.@-]+|\^\w+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Ready-made words that a person starts from."""

    name: str
    text: str
    lang: str = ""
    """Two letters: offered for mentions in that language, and for those whose language nobody knows. Empty: for all."""
    network: str = ""
    """Offered on that network only, in capitals or not; empty: on all."""

    def fits(self, mention: Mention) -> bool:
        """Return whether it is made for an answer to a mention."""
        spoken = not self.lang or not mention.lang or self.lang == mention.lang
        return spoken and self.network.casefold() in {"", mention.platform.casefold()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What the team decided about its words."""

    signs: bool = False
    """Whether every reply ends with its writer's signature."""
    signatures: Mapping[StaffId, str] = field(default_factory=dict)
    """How people sign who do not want their initials."""
    templates: tuple[Template, ...] = ()
    dm_links: Mapping[str, str] = field(default_factory=dict)
    """Network in small letters to the address where people write to us in private."""

    def signature_of(self, by: Staff) -> str:
        """Return how somebody signs; empty for a name without a letter."""
        return self.signatures.get(by.id) or initials(by.name)

    def signed(self, text: str, by: Staff) -> str:
        """Return ``text`` with its writer's signature, unless it bears one already."""
        mark = self.signature_of(by) if self.signs else ""
        written = text.rstrip()
        if not mark or not written or mark in written.split() or _SIGNED.search(written):
            return text
        return f"{written} {mark}"

    def fitting(self, mention: Mention) -> list[Template]:
        """Return the templates for an answer to a mention, in the order of the settings."""
        return [one for one in self.templates if one.fits(mention) and self._leads_on(one, mention)]

    def _leads_on(self, template: Template, mention: Mention) -> bool:
        return "dm_link" not in used_in(template.text) or mention.platform.casefold() in self.dm_links

    def filled(self, template: Template, mention: Mention, *, case_id: CaseId, by: Staff) -> str:
        """Return the words for one answer; what nobody knows stays in braces, and keeps the reply from leaving."""
        known = {
            "name": mention.author.name,
            "handle": mention.author.handle,
            "case": str(case_id),
            "account": mention.terms.account,
            "dm_link": self.dm_links.get(mention.platform.casefold(), ""),
            "signature": self.signature_of(by),
        }
        return _BRACED.sub(lambda found: known.get(found[1]) or found[0], template.text)

    def started(self, name: str, typed: str, mention: Mention, *, case_id: CaseId, by: Staff) -> str:
        """Return ``typed`` with the template called ``name``.

        It takes the place of nothing and of another template that nobody touched; else it follows what was typed.
        """
        ready = {one.name: self.filled(one, mention, case_id=case_id, by=by) for one in self.fitting(mention)}
        chosen, before = ready.get(name, ""), typed.strip()
        if not chosen or chosen in before:
            return typed
        untouched = before in {"", *(one.strip() for one in ready.values())}
        return chosen if untouched else f"{before}\n\n{chosen}"


def initials(name: str) -> str:
    """Return a signature made of a name: ``^AS`` for Ana Silva, ``^AN`` for Ana."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in name.split()]
    letters = [word for word in words if word]
    short = letters[0][0] + letters[-1][0] if len(letters) > 1 else "".join(letters)[:2]
    return f"^{short.upper()}" if short else ""


def used_in(text: str) -> set[str]:
    """Return what stands in braces in a template."""
    return {found[1] for found in _BRACED.finditer(text)}


def unfilled(text: str) -> str:
    """Return the first variable that nobody filled in, as it stands there; empty when there is none."""
    found = _OPEN.search(text)
    return found[0] if found else ""


def words_of(text: str) -> Counter[str]:
    """Return the words of a text for a comparison: without who is named in it, who signed it, and its capitals."""
    return Counter(_WORD.findall(_NAMED.sub(" ", text[:_COMPARED]).casefold()))


def alike(one: Counter[str], other: Counter[str]) -> bool:
    """Return whether two texts are the same but for a word in ten, wherever it stands."""
    size = one.total() + other.total()
    return size > 0 and 2 * (one & other).total() / size >= SAME


def sameness(people: int) -> str:
    """Return the warning for words that so many other people were sent in the last hour; empty for fewer than two."""
    return f"The same words, or nearly, went to {people} people in the last hour." if people > 1 else ""
