"""A line waits for the card under which it belongs, and no longer."""

import pytest

from bot.cases import promises
from bot.cases.outages import Outages
from bot.errors import SlackBusy, SlackTrouble
from bot.jobs.attempts import Attempts
from bot.jobs.runner import LEASE
from bot.slack.backroom import Backroom
from bot.slack.gateway import Gateway
from bot.slack.notifier import Notifier
from bot.slack.posting import Poster
from tests.fakes.people import ANA, BEN


@pytest.fixture
def notifier(office) -> Notifier:
    """A notifier that must not reach Slack: it has no connection."""
    gateway = Gateway(None, None)
    attempts, outages = Attempts(office.store, office.clock), Outages(office.store, office.clock)
    poster = Poster(gateway, attempts, office.bulletin.copies, outages, office.clock)
    return Notifier(poster, Backroom(gateway), office.board, office.bulletin, office.policy, office.clock)


async def test_a_line_waits_for_a_card_that_is_promised(office, notifier):
    case = await office.case_of()
    await office.desk.assign(case.id, to=BEN, by=ANA)
    [line] = await office.jobs(promises.LINE)

    with pytest.raises(SlackBusy):
        await notifier.line(line)


async def test_a_line_gives_up_when_the_card_was_given_up(office, notifier):
    case = await office.case_of()
    await office.desk.assign(case.id, to=BEN, by=ANA)
    [line] = await office.jobs(promises.LINE)
    now = office.clock.now()
    for job in await office.store.transact(
        lambda unit: unit.jobs.claim([promises.REDRAW], at=now, lease=LEASE, limit=1)
    ):
        await office.store.transact(lambda unit, job=job: unit.jobs.bury(job, at=now, trouble="Slack refused it."))

    with pytest.raises(SlackTrouble) as told:
        await notifier.line(line)

    assert not isinstance(told.value, SlackBusy)
