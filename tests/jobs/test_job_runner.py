"""Jobs kept: retried with pauses, given up in the end, urgent first, no lane starving another."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest

from bot.domain.job import WIDTH, Job
from bot.errors import FeedTrouble, SendLater, SlackBusy
from bot.jobs.runner import LEASE, LONGEST_PAUSE, TRIES
from bot.store.engine import Store
from tests.jobs.conftest import MINUTE, job_of, running


async def test_a_promise_is_kept_once(store, clock, promised):
    kept: list[str] = []

    async def handle(job: Job) -> None:
        kept.append(job.subject)

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1", "2")
        await runner.settled()
        await runner.settled()

    assert sorted(kept) == ["1", "2"]


async def test_a_timer_rings_when_the_clock_comes_round(store, clock, promised):
    rung = asyncio.Event()

    async def handle(_job: Job) -> None:
        rung.set()

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1", due=clock.now() + MINUTE)
        await runner.settled()
        assert not rung.is_set()

        clock.advance(MINUTE)
        await rung.wait()  # nobody wakes the runner: it looks every second
        await runner.settled()


async def test_a_failing_job_is_tried_again_with_growing_pauses_and_given_up(store, clock, promised):
    pauses: list[timedelta] = []

    async def handle(_job: Job) -> None:
        raise FeedTrouble("The platform is down.")

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await runner.settled()
        while job := await job_of(store, "1"):
            pauses.append(job.due - clock.now())
            clock.advance(pauses[-1])
            runner.wake()
            await runner.settled()

    longest = [min(LONGEST_PAUSE, timedelta(seconds=2**tries)) for tries in range(1, TRIES)]
    assert len(pauses) == TRIES - 1
    assert all(span / 2 <= pause <= span for pause, span in zip(pauses, longest, strict=True))
    assert [job.key for job in await store.read(lambda unit: unit.jobs.dead())] == ["1"]


async def test_one_broken_job_does_not_stop_the_others(store, clock, promised, log_lines):
    kept: list[str] = []

    async def handle(job: Job) -> None:
        if job.subject == "broken":
            raise ZeroDivisionError
        kept.append(job.subject)

    async with running(store, clock, {"card": handle}) as runner:
        await promised("broken", "well")
        await runner.settled()

    assert kept == ["well"]
    assert log_lines().count("a job failed") == 1


@pytest.mark.parametrize("busy", [SlackBusy("Wait.", retry_after_s=30), SendLater("Wait.", retry_after_s=30)])
async def test_a_busy_platform_names_the_pause_and_no_try_is_counted(store, clock, promised, busy):
    async def handle(_job: Job) -> None:
        raise busy

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        for _ in range(2 * TRIES):
            await runner.settled()
            job = await job_of(store, "1")
            assert job.due == clock.now() + timedelta(seconds=30)
            assert job.tries == 0
            clock.advance(timedelta(seconds=30))
            runner.wake()
            await asyncio.sleep(0)


async def test_a_job_may_arm_itself_for_later_from_within(store, clock, promised):
    ran_at = []

    async def handle(job: Job) -> None:
        ran_at.append(clock.now())
        await promised(job.key, due=clock.now() + 5 * MINUTE)

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await runner.settled()
        clock.advance(4 * MINUTE)
        runner.wake()
        await runner.settled()
        assert len(ran_at) == 1

        clock.advance(MINUTE)
        runner.wake()
        await runner.settled()

    assert ran_at[1] - ran_at[0] == 5 * MINUTE


async def test_what_changes_while_a_card_is_drawn_is_drawn_again(store, clock, promised):
    drawing, go_on, drawn = asyncio.Event(), asyncio.Event(), []

    async def handle(job: Job) -> None:
        drawn.append(job.wish)
        drawing.set()
        await go_on.wait()

    async with running(store, clock, {"card": handle}) as runner:
        await promised("1")
        await drawing.wait()
        await promised("1")
        await promised("1")
        go_on.set()
        await runner.settled()

    assert len(drawn) == 2


async def test_urgent_jobs_are_begun_first(store, clock, promised):
    begun: list[str] = []

    async def handle(job: Job) -> None:
        begun.append(job.subject)

    await promised(*[f"slow {number}" for number in range(WIDTH)], urgent=5)
    await promised(*[f"urgent {number}" for number in range(WIDTH)], urgent=1)
    async with running(store, clock, {"card": handle}) as runner:
        await runner.settled()

    assert all(name.startswith("urgent") for name in begun[:WIDTH])


async def test_a_lane_that_stands_still_does_not_hold_another_up(store, clock, promised):
    go_on, sent = asyncio.Event(), asyncio.Event()

    async def draw(_job: Job) -> None:
        await go_on.wait()

    async def send(_job: Job) -> None:
        sent.set()

    async with running(store, clock, {"card": draw, "reply": send}) as runner:
        await promised(*[f"card {number}" for number in range(3 * WIDTH)], lane="cards")
        await promised("reply 1", kind="reply", lane="replies", urgent=9)
        await sent.wait()  # although no card is done
        go_on.set()
        await runner.settled()


async def test_a_lane_runs_only_so_many_at_once(store, clock, promised):
    now_running, most = 0, 0

    async def handle(_job: Job) -> None:
        nonlocal now_running, most
        now_running += 1
        most = max(most, now_running)
        await asyncio.sleep(0.01)
        now_running -= 1

    async with running(store, clock, {"card": handle}) as runner:
        await promised(*[str(number) for number in range(3 * WIDTH)])
        await runner.settled()

    assert most == WIDTH


async def test_what_a_dead_process_left_running_is_taken_over_after_its_lease(store, clock, promised):
    kept: list[int] = []
    begun = asyncio.Event()

    async def hang(_job: Job) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def handle(job: Job) -> None:
        kept.append(job.fence)

    await promised("1")
    async with running(store, clock, {"card": hang}):
        await begun.wait()

    async with running(store, clock, {"card": handle}) as runner:
        clock.advance(LEASE)
        runner.wake()
        await runner.settled()

    assert kept == [2]


async def test_a_locked_database_does_not_end_the_runner(new_file, clock, log_lines):
    store = Store(url := new_file())
    store.open()
    await store.transact(lambda unit: unit.jobs._connection.exec_driver_sql("PRAGMA busy_timeout=10").all())
    written = asyncio.Event()

    async def handle(_job: Job) -> None:
        written.set()

    await store.transact(lambda unit: unit.jobs.add(Job(kind="card", key="1", subject="1", due=clock.now())))
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    async with running(store, clock, {"card": handle}) as runner:
        await asyncio.sleep(0.1)
        holder.execute("ROLLBACK")
        holder.close()
        runner.wake()
        await written.wait()
        await runner.settled()
    store.close()

    assert "Another program holds the database" in log_lines()
