"""Files: uploaded by the unmodified SDK, shown in a message, pictures served as such and all else as a download."""

import random

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.stage import ANA, CARE, ESCALATIONS, GENERAL, granted, staged

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PAGE = b"<!doctype html><script>alert(1)</script>"
MAY = ("files:write", "files:read")


@pytest.fixture
async def stage():
    async with staged(granted(*MAY)) as one:
        yield one


async def uploaded(stage, content: bytes, filename: str, **more) -> dict:
    answer = await stage.web.files_upload_v2(content=content, filename=filename, **more)
    return answer["files"][0]


async def test_a_chart_is_uploaded_by_the_sdk_and_shown_in_the_channel(stage):
    file = await uploaded(
        stage, PNG, "chart.png", title="Complaints", alt_txt="peak 41 at 15:00", channel=CARE, initial_comment="Today"
    )

    [message] = await stage.messages()
    shown = {"id": file["id"], "name": "chart.png", "title": "Complaints", "mimetype": "image/png", "size": len(PNG)}
    assert message["text"] == "Today"
    assert message["files"] == [{**shown, "alt_txt": "peak 41 at 15:00", "url": f"/files/{file['id']}"}]
    picture = await stage.http.get(message["files"][0]["url"])
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")


async def test_whatever_is_no_picture_is_only_downloaded(stage):
    for content, name in ((PAGE, "page.html"), (PAGE, "picture.png"), (b"<svg/>", "a.svg"), (b"a,b", "Zähl ung.csv")):
        file = await uploaded(stage, content, name, channel=CARE)
        answer = await stage.http.get(f"/files/{file['id']}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not file["mimetype"].startswith("image/png")


async def test_several_files_make_one_message_in_each_channel_or_a_reply(stage):
    parent = (await stage.web.chat_postMessage(channel=CARE, text="parent"))["ts"]
    uploads = [{"content": "a", "filename": "a.txt"}, {"content": "b", "filename": "b.txt"}]

    both = await stage.web.files_upload_v2(file_uploads=uploads, channels=[CARE, ESCALATIONS])
    reply = await uploaded(stage, b"c", "c.txt", channel=CARE, thread_ts=parent)

    _parent, message, in_thread = await stage.messages()
    [elsewhere] = await stage.messages(ESCALATIONS)
    assert [file["name"] for file in message["files"]] == [file["name"] for file in elsewhere["files"]]
    assert [file["title"] for file in both["files"]] == ["a.txt", "b.txt"]
    assert (in_thread["thread_ts"], in_thread["files"][0]["id"]) == (parent, reply["id"])


async def test_an_update_keeps_the_files_and_a_deleted_file_says_so(stage):
    file = await uploaded(stage, PNG, "chart.png", channel=CARE)
    [message] = await stage.messages()

    updated = await stage.web.chat_update(channel=CARE, ts=message["ts"], text="new words")
    known = await stage.web.files_info(file=file["id"])
    await stage.web.files_delete(file=file["id"])

    [after] = await stage.messages()
    assert updated["message"]["files"][0]["id"] == known["file"]["id"] == file["id"]
    assert known["file"]["channels"] == [CARE]
    assert (after["files"][0]["name"], after["files"][0]["url"]) == ("", "")
    assert (await stage.http.get(f"/files/{file['id']}")).status_code == 404
    with pytest.raises(SlackApiError, match="file_not_found"):
        await stage.web.files_info(file=file["id"])


async def test_files_survive_a_restart(tmp_path):
    keep = tmp_path / "sandbox.db"
    async with staged(granted(*MAY), keep=keep) as stage:
        file = await uploaded(stage, PNG, "chart.png", channel=CARE)

    async with staged(granted(*MAY), keep=keep) as stage:
        [message] = await stage.messages()
        assert (await stage.http.get(message["files"][0]["url"])).content == PNG
        assert (await stage.web.files_info(file=file["id"]))["file"]["size"] == len(PNG)


async def test_the_bytes_may_come_as_a_form_and_come_through_unchanged(stage):
    content = random.Random(7).randbytes(100_000) + b"\r\n--x\r\n\n\r"  # noqa: S311 - any bytes will do
    ticket = await stage.web.files_getUploadURLExternal(filename="blob.bin", length=len(content))
    form = aiohttp.FormData()
    form.add_field("filename", "blob.bin")
    form.add_field("file", content, filename="blob.bin", content_type="application/octet-stream")

    async with aiohttp.ClientSession() as session:
        answer = await session.post(ticket["upload_url"], data=form)
        again = await session.post(ticket["upload_url"], data=content)
    await stage.web.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id=CARE)

    assert (answer.status, again.status) == (200, 404)
    assert (await stage.http.get(f"/files/{ticket['file_id']}")).content == content


async def test_a_broken_form_is_refused(stage):
    ticket = await stage.web.files_getUploadURLExternal(filename="a.txt", length=6)

    answer = await stage.http.post(
        ticket["upload_url"], content=b"no form", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )

    assert answer.status_code == 400


async def test_a_person_is_shown_a_file_in_their_conversation_with_the_bot(stage):
    await stage.web.files_upload_v2(content=PNG, filename="chart.png", channels=[ANA])

    assert (await stage.messages("D0ANA00001"))[0]["files"][0]["name"] == "chart.png"


@pytest.mark.parametrize(("sent", "status"), [(b"12345", 400), (b"x" * 20_000, 413), (b"", 400)])
async def test_bytes_that_are_not_as_many_as_was_said_are_refused(stage, sent, status):
    ticket = await stage.web.files_getUploadURLExternal(filename="a.txt", length=6)

    answer = await stage.http.post(ticket["upload_url"], content=sent)
    done = await stage.call("files.completeUploadExternal", files=[{"id": ticket["file_id"]}])

    assert (answer.status_code, done["error"]) == (status, "file_not_found")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"length": 1}, "invalid_arguments"),
        ({"filename": "a"}, "missing_argument"),
        ({"filename": "a", "length": "many"}, "invalid_arguments"),
        ({"filename": "a", "length": 5_000_001}, "file_upload_size_restricted"),
        ({"filename": "a", "length": 1, "alt_txt": "a" * 1_001}, "alt_txt_too_large"),
    ],
)
async def test_an_upload_that_slack_would_not_take_gets_no_address(stage, args, error):
    assert (await stage.call("files.getUploadURLExternal", **args))["error"] == error


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"files": "no"}, "invalid_arguments"),
        ({"files": []}, "invalid_arguments"),
        ({"files": [{"id": "F0NOTHING1"}]}, "file_not_found"),
        ({"channel_id": "U0ANA00001"}, "invalid_arguments"),
        ({"channel_id": "C0NOWHERE1"}, "channel_not_found"),
        ({"channel_id": GENERAL}, "not_in_channel"),
        ({"channel_id": CARE, "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_a_file_is_not_shown_where_the_bot_may_not_write(stage, args, error):
    ticket = await stage.web.files_getUploadURLExternal(filename="a.txt", length=1)
    await stage.http.post(ticket["upload_url"], content=b"a")

    answer = await stage.call("files.completeUploadExternal", **{"files": [{"id": ticket["file_id"]}], **args})

    assert answer["error"] == error
    assert await stage.messages() == []


async def test_a_file_that_is_shown_nowhere_stays_private(stage):
    file = await uploaded(stage, b"a", "a.txt")

    assert file["channels"] == []
    assert await stage.messages() == []


async def test_a_foreign_upload_address_takes_nothing(stage):
    assert (await stage.http.post("/upload/guess", content=b"x")).status_code == 404
