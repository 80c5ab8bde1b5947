"""What goes over the wire: reading requests, the JSON of a post, and every refusal as an answer."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.demo import pages, script
from bot.demo.ledger import Row, Sent
from bot.demo.square import OURS, KeyTakenError, PostGoneError, StormUnderWayError, UnfitTextError
from bot.demo.timeline import grown

Serve = Callable[[Request], Awaitable[Response]]

#: Bytes that a request may carry.
BODY_MOST: Final = 64_000

#: Nothing is loaded from anywhere but this platform's own style sheet, and nothing runs.
_POLICY: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

#: What each refusal of the square is over HTTP.
_STATUS: Final[dict[type[Exception], int]] = {
    PostGoneError: 404,
    UnfitTextError: 422,
    KeyTakenError: 409,
    StormUnderWayError: 409,
}


def post_json(row: Row, request: Request, *, age_s: float) -> dict[str, Any]:
    """Draw a post as feeds read it, with the likes and reposts of an age in stream seconds."""
    return {
        "id": row.id,
        "thread": row.thread,
        "answers": row.answers,
        "posted_at": row.posted_at,
        "url": url_of(row.id, request),
        **row.body,
        "likes": grown(row.body["likes"], age_s=age_s),
        "reposts": grown(row.body["reposts"], age_s=age_s),
        "mentions": [OURS.handle] if script.is_tagged(row.body["text"]) else [],
    }


def tombstone(row: Row) -> dict[str, Any]:
    """Say of a listed post that its author deleted it, and nothing more."""
    return {"id": row.id, "network": row.body["network"], "deleted": True}


def receipt(sent: Sent, request: Request) -> dict[str, str]:
    """Draw what the sender of a reply keeps."""
    return {"id": sent.id, "url": url_of(sent.id, request)}


def url_of(post_id: str, request: Request) -> str:
    """Give the page of a post, on the address that the request came to."""
    return f"{str(request.base_url).rstrip('/')}/p/{post_id}"


def html(text: str, status: int = 200) -> Response:
    """Send a page under the strict policy."""
    return HTMLResponse(text, status, headers=dict(_PAGE_HEADERS))


async def read_json(request: Request) -> dict[str, Any]:
    """Read a small JSON object."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MOST:
            raise HTTPException(413, f"At most {BODY_MOST} bytes, please.")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "The body is no JSON.") from error
    if not isinstance(asked, dict):
        raise HTTPException(400, "The body must be a JSON object.")
    return asked


def amount(value: object, name: str, *, most: int, least: int = 0) -> int:
    """Read a whole number, written in digits or sent as JSON number."""
    digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < len(str(2**53))
    number = int(value) if isinstance(value, str) and digits else value
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise HTTPException(400, f"{name} must be a whole number from {least} to {most}.")
    return number


async def refuse(request: Request, error: Exception) -> Response:
    """Answer a refusal in the manner of the question: JSON for programs, a page for people."""
    if isinstance(error, HTTPException):
        status, sentence, headers = error.status_code, error.detail, error.headers
    else:
        status, sentence, headers = _STATUS[type(error)], str(error), None
    if request.url.path.startswith(("/api/", "/sim/")):
        name = HTTPStatus(status).name.lower()
        return JSONResponse({"error": name, "message": sentence}, status, headers=headers)
    return html(pages.sorry(status, sentence), status)


#: Hand this to Starlette: each refusal finds its answer.
REFUSALS: Final[dict[Any, Any]] = dict.fromkeys((HTTPException, *_STATUS), refuse)
