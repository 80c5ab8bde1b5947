"""An app that opens modals and answers submissions as a test tells it to."""

import re

from tests.sandbox.stage import ANA, CARE, bolt, modal


def options(*values):
    return [{"text": {"type": "plain_text", "text": value.title()}, "value": value} for value in values]


class Desk:
    """An app that opens modals and answers submissions as a test tells it to."""

    def __init__(self, stage):
        self.stage = stage
        self.view = modal()
        self.answer = {}
        self.submitted = []
        self.closed = []
        self.pressed = []
        self.app = bolt(stage)
        self.app.command("/social")(self.open)
        self.app.view("reply")(self.submit)
        self.app.view_closed("reply")(self.close)
        self.app.action(re.compile(".*"))(self.press)

    async def open(self, ack, body, client):
        self.opened = (await client.views_open(trigger_id=body["trigger_id"], view=self.view))["view"]
        await ack()

    async def submit(self, ack, body):
        self.submitted.append(body)
        await ack(**self.answer)

    async def close(self, ack, body):
        self.closed.append(body)
        await ack()

    async def press(self, ack, body):
        self.pressed.append(body)
        await ack()

    async def opens(self, *blocks, **extra):
        self.view = modal(*blocks, **extra)
        answer = await self.stage.sim("command", user=ANA, channel=CARE, command="/social", text="")
        assert answer["ok"]
        return self.opened["id"]

    async def stack(self, user=ANA):
        return (await self.stage.state())["views"].get(user, [])
