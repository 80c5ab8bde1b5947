"""The arguments of one Web API call: merged from query, form, JSON and multipart, and read strictly."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from bot.sandbox.errors import Refused

_FALSE: Final = {"", "0", "false", "none"}

#: The charsets that Slack takes. Source: Slack docs, errors of every method, read 2026-11-21.
_CHARSETS: Final = {"", "utf-8", "iso-8859-1"}

_NAME: Final = re.compile(r"\w{1,255}", re.ASCII)

#: Bodies above this many bytes are refused, and JSON in which objects and lists lie deeper in each other: ours. What
#: is taken is shown inside of something else, which can be written 254 deep.
BODY_LIMIT: Final = 2_000_000
DEPTH_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Args:
    """What the app sent, by name; a null counts as absent."""

    given: Mapping[str, Any]
    warning: str = ""
    """What Slack warns of in the answer: ``missing_charset``, ``superfluous_charset``; empty: of nothing."""

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text.

        Raises:
            Refused: it is an object or a list.
        """
        value = self.given.get(name)
        if isinstance(value, dict | list):
            raise _invalid(f"must be a string [json-pointer:/{name}]")
        return default if value is None else str(value)

    def need(self, name: str, error: str = "invalid_arguments") -> str:
        """Return an argument that must be there and not empty.

        Raises:
            Refused: it is absent.
        """
        value = self.text(name)
        if not value:
            missing = _invalid(f"missing required field: {name}")
            raise missing if error == missing.error else Refused(error)
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
            raise _invalid(f"must be an integer [json-pointer:/{name}]") from error

    def json(self, name: str, error: str) -> Any:
        """Return a value that may come as JSON text.

        Raises:
            Refused: with ``error``, when the text is not JSON.
        """
        value = self.given.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return read_json(value)
        except orjson.JSONDecodeError as wrong:
            raise Refused(error) from wrong


def _invalid(note: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {note}"]})


async def read_args(request: Request) -> Args:
    """Merge query string, form or multipart body, and JSON body, the later winning.

    A token counts neither in the query nor in JSON: there it belongs into the header.

    Raises:
        Refused: the body is too large, not what its content type says, or of an unknown type.
    """
    merged: dict[str, Any] = dict(parse_qsl(request.url.query, keep_blank_values=True))
    merged.pop("token", None)
    body = await request.body()
    if len(body) > BODY_LIMIT:
        raise Refused("request_too_large")
    fields, warning = _fields(request.headers.get("content-type", ""), body)
    merged |= fields
    if not all(map(_NAME.fullmatch, merged)):
        raise Refused("invalid_arg_name")
    return Args({name: value for name, value in merged.items() if value is not None}, warning)


def _fields(content_type: str, body: bytes) -> tuple[dict[str, Any], str]:
    """Return what a body says, and what Slack warns of."""
    header = Message()
    header["content-type"] = content_type
    kind, charset = header.get_content_type(), str(header.get_param("charset", "")).lower()
    if charset not in _CHARSETS:
        raise Refused("invalid_charset")
    if body and not content_type:
        raise Refused("missing_post_type")
    if kind == "application/json":
        given = {name: value for name, value in json_object(body).items() if name != "token"}
        return given, "" if charset else "missing_charset"
    if kind == "application/x-www-form-urlencoded":
        return _form(body), "superfluous_charset" if charset else ""
    if kind == "multipart/form-data":
        return {name: value.decode(errors="replace") for name, value in parts(content_type, body)}, ""
    if body:
        raise Refused("invalid_post_type")
    return {}, ""


def with_warning(answer: dict[str, Any], args: Args) -> dict[str, Any]:
    """Return an answer with Slack's warning, if there is one."""
    if not args.warning:
        return answer
    metadata = {**answer.get("response_metadata", {}), "warnings": [args.warning]}
    return {**answer, "warning": args.warning, "response_metadata": metadata}


def parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each part of a multipart body.

    Raises:
        Refused: it is none.
    """
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    try:
        whole = BytesParser(policy=HTTP).parsebytes(head + body)
    except RecursionError as error:
        raise Refused("invalid_form_data") from error
    if not whole.is_multipart() or whole.defects:
        raise Refused("invalid_form_data")
    for part in whole.iter_parts():
        content = part.get_payload(decode=True)
        yield str(part.get_param("name", "", "content-disposition")), content if isinstance(content, bytes) else b""


def read_json(text: bytes | str) -> Any:
    """Read JSON that is neither too large nor too deep.

    Raises:
        orjson.JSONDecodeError: it is no such JSON.
    """
    value = orjson.loads(text)
    if len(text) > BODY_LIMIT or _is_deep(value, DEPTH_LIMIT):
        raise orjson.JSONDecodeError("too large or too deep", "", 0)
    return value


def _is_deep(value: Any, left: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and (left == 0 or any(_is_deep(part, left - 1) for part in parts))


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty object.

    Raises:
        Refused: it is not JSON, or not an object.
    """
    if not body:
        return {}
    try:
        value = read_json(body)
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
