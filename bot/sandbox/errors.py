"""What can go wrong in the sandbox: Slack's refusals, and mistakes of whoever plays a person."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class Refused(Exception):
    """Slack would answer ``{"ok": false, "error": error, **extra}``."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the JSON body that Slack would send."""
        return {"ok": False, "error": self.error, **self.extra}


class NotPossible(Exception):
    """A person in the client could not have done this; ``error`` says why in a few words."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the JSON body for the test or the page."""
        return {"ok": False, "error": self.error, **self.extra}


class KeepUnusable(Exception):
    """The file for the workspace cannot be read or written; the text is a sentence for the operator."""


class UrlUnusable(Exception):
    """The request URL does not lead to this machine; the text is a sentence for the operator."""


class ManifestUnusable(Exception):
    """Slack would not take the app's manifest; the text is a sentence for the operator."""
