"""What can go wrong in the sandbox: Slack's refusals, and mistakes of whoever plays a person."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class _Answered(Exception):
    """Something that is answered ``{"ok": false, "error": error, **extra}``."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        return {"ok": False, "error": self.error, **self.extra}


class Refused(_Answered):
    """Slack would refuse the app's call so."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


class NotPossible(_Answered):
    """A person in the client could not have done this; ``error`` says why in a few words."""


class KeepUnusable(Exception):
    """The file for the workspace cannot be read or written; the text is a sentence for the operator."""


class UrlUnusable(Exception):
    """The request URL does not lead to this machine; the text is a sentence for the operator."""


class ManifestUnusable(Exception):
    """Slack would not take the app's manifest; the text is a sentence for the operator."""
