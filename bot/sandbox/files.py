"""Files: an upload URL, the bytes, and the message that shows them; pictures are served, the rest is only downloaded.

What counts as a picture is decided by its first bytes, never by its name: whatever else somebody uploads cannot run
in the page's origin.
"""

import contextlib
import mimetypes
import re
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.api import Call, Method
from bot.sandbox.args import parts
from bot.sandbox.errors import Refused
from bot.sandbox.places import place, refuse_writing
from bot.sandbox.workspace import BOT_USER, Channel
from bot.sandbox.world import World

#: The sandbox holds files in memory, so it takes less than Slack: so many bytes each, and so many of all.
FILE_BYTES: Final = 5_000_000
ALL_BYTES: Final = 100_000_000

#: So many uploads are waited for, the oldest given up first.
WAITING: Final = 500

#: What a multipart body may add to the bytes of its file.
FORM_BYTES: Final = 10_000

#: Source: Slack docs, "files.getUploadURLExternal", read 2026-11-21.
ALT_LIMIT: Final = 1_000

#: Source: Slack's answer in slackapi/bolt-js#2115, read 2026-11-21.
_CHANNEL: Final = re.compile(r"[CGDZ][A-Z0-9]{8,}")

_PICTURES: Final = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}


@dataclass(slots=True)
class File:
    """One file, from its upload URL on."""

    id: str
    name: str
    size: int
    created: int
    alt_txt: str = ""
    title: str = ""
    mimetype: str = ""
    """Empty until the bytes have come."""
    is_complete: bool = False
    shares: list[tuple[str, str]] = field(default_factory=list)
    """Where it is shown: channel and ts."""

    def to_slack(self, host: str) -> dict[str, Any]:
        """Return the file object of files.info; its address is the sandbox's own."""
        url = f"http://{host}/files/{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2].lower() if "." in self.name else "",
            "user": BOT_USER,
            "mode": "hosted",
            "is_external": False,
            "size": self.size,
            "alt_txt": self.alt_txt,
            "url_private": url,
            "url_private_download": url,
            "channels": [channel for channel, _ts in self.shares],
        }


class Files:
    """Files, as the app uploads them and the page shows them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._contents = dict(world.keep.read("content"))
        self._files = {key: File(**orjson.loads(body)) for key, body in world.keep.read("file")}
        self._tickets: dict[str, File] = {}

    def methods(self) -> dict[str, Method]:
        """Return the methods of this room by name."""
        write = ("files:write",)
        return {
            "files.getUploadURLExternal": Method(self.upload_url, write),
            "files.completeUploadExternal": Method(self.complete, write),
            "files.info": Method(self.info, ("files:read",)),
            "files.delete": Method(self.delete, write),
        }

    def routes(self) -> list[Route]:
        """Return where bytes come in and go out."""
        return [
            Route("/upload/{ticket}", self.take, methods=["POST"]),
            Route("/files/{file_id}", self.give, methods=["GET"]),
        ]

    def upload_url(self, call: Call) -> dict[str, Any]:
        """Give the address to which the bytes of one file are sent, once."""
        name, size, alt_txt = call.args.need("filename"), call.args.whole("length", 0), call.args.text("alt_txt")
        if size <= 0:
            raise Refused("missing_argument")
        if size > FILE_BYTES:
            raise Refused("file_upload_size_restricted")
        if self._has_no_room(size):
            raise Refused("storage_limit_reached")
        if len(alt_txt) > ALT_LIMIT:
            raise Refused("alt_txt_too_large")
        file = File(f"F0{secrets.token_hex(4).upper()}", name, size, int(self._world.clock.now()), alt_txt, name)
        ticket = secrets.token_urlsafe(16)
        self._files[file.id] = self._tickets[ticket] = file
        if len(self._tickets) > WAITING:
            del self._files[self._tickets.pop(next(iter(self._tickets))).id]
        return {"upload_url": f"http://{call.host}/upload/{ticket}", "file_id": file.id}

    async def take(self, request: Request) -> Response:
        """Take the bytes of a file, raw or as a multipart form; they must be as many as was said."""
        file = self._tickets.pop(request.path_params["ticket"], None)
        if file is None:
            return PlainTextResponse("no such upload", 404)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > file.size + FORM_BYTES:
                return PlainTextResponse("too long", 413)
        content = _sent(request.headers.get("content-type", ""), bytes(body))
        if self._has_no_room(len(content)):
            return PlainTextResponse("no room left", 413)
        if len(content) != file.size:
            return PlainTextResponse("not as long as was said", 400)
        self._contents[file.id] = content
        guessed = mimetypes.guess_type(file.name)[0] or ""
        plain = "application/octet-stream" if guessed.startswith("image/") else guessed
        file.mimetype = _picture(content) or plain or "application/octet-stream"
        return PlainTextResponse(f"OK - {len(content)}")

    def _has_no_room(self, size: int) -> bool:
        return size + sum(map(len, self._contents.values())) > ALL_BYTES

    def complete(self, call: Call) -> dict[str, Any]:
        """Finish uploads: all of them, shown in one message in each channel named; else they stay private."""
        given = call.args.json("files", "invalid_arguments")
        if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
            raise Refused("invalid_arguments")
        channels = self._channels(call)
        files = [self._uploaded(str(one.get("id"))) for one in given]
        for file, one in zip(files, given, strict=True):
            file.title, file.is_complete = str(one.get("title") or file.name), True
        self._share(call, files, channels)
        for file in files:
            self._world.keep.put("content", file.id, self._contents[file.id])
            self._world.keep.put("file", file.id, orjson.dumps(asdict(file)))
        return {"files": [file.to_slack(call.host) for file in files]}

    def info(self, call: Call) -> dict[str, Any]:
        """Describe one file."""
        return {"file": self._finished(call).to_slack(call.host), "comments": [], "response_metadata": {}}

    def delete(self, call: Call) -> dict[str, Any]:
        """Delete a file; its messages say so from then on."""
        file = self._finished(call)
        for channel, ts in file.shares:
            if message := self._world.messages.get(channel, ts):
                shown = orjson.loads(message.files)
                stones = [{"id": file.id, "mode": "tombstone"} if one["id"] == file.id else one for one in shown]
                message.files = orjson.dumps(stones)
                self._world.messages.save(message)
        del self._files[file.id], self._contents[file.id]
        self._world.keep.put("file", file.id, None)
        self._world.keep.put("content", file.id, None)
        self._world.bell.ring()
        return {}

    async def give(self, request: Request) -> Response:
        """Serve a picture; anything else only as a download."""
        file = self._files.get(request.path_params["file_id"])
        if file is None or not file.is_complete:
            return PlainTextResponse("no such file", 404)
        content = self._contents[file.id]
        picture = _picture(content)
        headers = {"cross-origin-resource-policy": "same-origin"}
        if not picture:
            headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return Response(content, media_type=picture or "application/octet-stream", headers=headers)

    def _channels(self, call: Call) -> list[Channel]:
        """Return where the files are to be shown, each a place where the bot may write."""
        one = call.args.text("channel_id")
        ids = [one] if one else [name.strip() for name in call.args.text("channels").split(",") if name.strip()]
        if one and not _CHANNEL.fullmatch(one):
            note = f"[ERROR] input must match regex pattern: ^{_CHANNEL.pattern}$ [json-pointer:/channel_id]"
            raise Refused("invalid_arguments", response_metadata={"messages": [note]})
        channels = [place(self._world, name) for name in ids]
        for channel in channels:
            refuse_writing(self._world, call, channel, may_be_public=False)
        return channels

    def _share(self, call: Call, files: list[File], channels: list[Channel]) -> None:
        words = {"text": call.args.text("initial_comment"), "thread_ts": call.args.text("thread_ts")}
        for channel in channels:
            message = self._world.post(channel, self._world.users[BOT_USER], words)
            for file in files:
                file.shares.append((channel.id, message.ts))
            message.files = orjson.dumps([file.to_slack(call.host) for file in files])
            self._world.messages.save(message)

    def _uploaded(self, file_id: str) -> File:
        file = self._files.get(file_id)
        if file is None or not file.mimetype or file.is_complete:
            raise Refused("file_not_found")
        return file

    def _finished(self, call: Call) -> File:
        file = self._files.get(call.args.need("file", "file_not_found"))
        if file is None or not file.is_complete:
            raise Refused("file_not_found")
        return file


def _sent(content_type: str, body: bytes) -> bytes:
    """Return the file in a body: all of it, or the longest part of a form; nothing when the form is broken."""
    if not content_type.startswith("multipart/form-data"):
        return body
    with contextlib.suppress(Refused):
        return max((content for _name, content in parts(content_type, body)), key=len, default=b"")
    return b""


def _picture(content: bytes) -> str:
    """Return the type of a picture by its first bytes; empty for anything else."""
    return next((kind for kind, start in _PICTURES.items() if start.match(content)), "")
