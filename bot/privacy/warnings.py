"""What a person should look at twice before a text of ours becomes public."""

from __future__ import annotations

import re
from typing import Final

from bot.privacy.redact import mask

#: Hosts that hide where a link leads.
_SHORTENERS: Final = ("bit.ly/", "tinyurl.com/", "goo.gl/", "ow.ly/", "is.gd/", "t.ly/")
#: Of no kind that is known, but long enough to be somebody's: a customer number, an order.
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){8,18}")


def warnings_of(text: str, *, public: bool = True) -> list[str]:
    """Return what is risky in a reply, each in a sentence that names it; to the author alone, data is no risk."""
    letters = [sign for sign in text if sign.isalpha()]
    shouts = len(letters) > 20 and sum(sign.isupper() for sign in letters) > len(letters) * 0.6
    shown = mask(text) if public else mask("")
    found = {
        "It is written in capitals.": shouts,
        "It holds a shortened link: nobody sees where it leads.": any(host in text.casefold() for host in _SHORTENERS),
        **{f"It holds {kind}.": True for kind in shown.found},
        "It holds a long number: a customer's, an order's?": bool(public and _LONG_NUMBER.search(shown.text)),
    }
    return [warning for warning, applies in found.items() if applies]
