"""The arguments of one Web API call: merged from query, form and JSON, and read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from bot.sandbox.errors import Refused

_FALSE: Final = {"", "0", "false", "none"}

#: Bodies above this many bytes are refused.
BODY_LIMIT: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Args:
    """What the app sent, by name; a null counts as absent."""

    given: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """Return an argument that must be there and not empty.

        Raises:
            Refused: it is absent.
        """
        value = self.text(name)
        if not value:
            note = f"[ERROR] missing required field: {name}"
            extra: dict[str, Any] = {}
            if error == "invalid_arguments":
                extra = {"response_metadata": {"messages": [note]}}
            raise Refused(error, **extra)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes or no; Slack takes true, "true", 1 and "1"."""
        value = self.given.get(name, default)
        return str(value).lower() not in _FALSE

    def whole(self, name: str, default: int) -> int:
        """Return a whole number.

        Raises:
            Refused: it is not one.
        """
        try:
            return int(self.text(name) or default)
        except ValueError as error:
            raise Refused("invalid_arguments") from error

    def json(self, name: str, error: str) -> Any:
        """Return a value that may come as JSON text.

        Raises:
            Refused: with ``error``, when the text is not JSON.
        """
        value = self.given.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as wrong:
            raise Refused(error) from wrong


async def read_args(request: Request) -> Args:
    """Merge query string, form body and JSON body, the later winning.

    Raises:
        Refused: the body is too large, not what its content type says, or of an unknown type.
    """
    merged: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = await request.body()
    if len(body) > BODY_LIMIT:
        raise Refused("request_too_large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        merged |= json_object(body)
    elif kind in {"application/x-www-form-urlencoded", ""}:
        merged |= _form(body)
    elif body:
        raise Refused("invalid_post_type")
    return Args({name: value for name, value in merged.items() if value is not None})


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty object.

    Raises:
        Refused: it is not JSON, or not an object.
    """
    if not body:
        return {}
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("invalid_json") from error
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused("invalid_form_data") from error
