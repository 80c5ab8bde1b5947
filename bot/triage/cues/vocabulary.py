"""Sets of words that cues name in braces."""

from __future__ import annotations

from typing import Final

SETS: Final[dict[str, str]] = {
    "span": "minute minutes min mins hour hours hr hrs day days week weeks month months year years ages",
}

#: Words that turn what follows.
NOT: Final = frozenset(
    """
    not no never none nothing neither nor without cannot cant dont doesnt didnt isnt wasnt arent werent wont wouldnt
    couldnt shouldnt hasnt havent hadnt aint hardly barely
    """.split()  # noqa: SIM905 - a list of words reads better than a list of strings
)
