"""F26: the safety core, broken by hand in one place at a time; each mutant must be killed by the test that is named.

``python -m tests.campaign.mutants [NAME ...]`` copies the tree to a temporary
folder, breaks one line of it, runs that one test, and expects it to fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: Seconds that one test may take; a mutant that hangs is dead, too.
LONGEST_S: Final = 120
#: pytest's word for "a test failed", and for "it did not even run".
_FAILED, _NOTHING_RAN = 1, {2, 3, 4, 5}


@dataclass(frozen=True)
class Mutant:
    """One safety that is taken away."""

    name: str
    file: str
    old: str
    new: str
    test: str

    @property
    def source(self) -> str:
        """Return the file as it is."""
        return (ROOT / self.file).read_text()


MUTANTS: Final = (
    Mutant(
        "the version check of a case",
        "bot/store/cases.py",
        'and_(table.c.id == bindparam("this"), table.c.version == bindparam("version_before"))',
        'and_(table.c.id == bindparam("this"), bindparam("version_before") == bindparam("version_before"))',
        "tests/store/test_store_schema.py::test_an_older_version_of_a_case_is_not_saved",
    ),
    Mutant(
        "what a lost version does",
        "bot/store/cases.py",
        "if done.rowcount != 1:",
        "if done.rowcount > 1:",
        "tests/store/test_store_schema.py::test_an_older_version_of_a_case_is_not_saved",
    ),
    Mutant(
        "the fence of a finished job",
        "bot/store/jobs.py",
        'and_(table.c.id == bindparam("this"), table.c.fence == bindparam("our_fence"), IS_RUNNING)',
        'and_(table.c.id == bindparam("this"), bindparam("our_fence") == bindparam("our_fence"), IS_RUNNING)',
        "tests/jobs/test_job_table.py::test_who_lost_the_lease_can_neither_finish_nor_put_back_nor_bury",
    ),
    Mutant(
        "the fence of a job that is put back",
        "bot/store/jobs.py",
        "ours = and_(table.c.id == job.id, table.c.fence == job.fence, IS_RUNNING)\n"
        "        return self._connection.execute(update(table).where(ours).values(**change)).rowcount == 1",
        "ours = and_(table.c.id == job.id, IS_RUNNING)\n"
        "        return self._connection.execute(update(table).where(ours).values(**change)).rowcount == 1",
        "tests/jobs/test_job_table.py::test_who_lost_the_lease_can_neither_finish_nor_put_back_nor_bury",
    ),
    Mutant(
        "the fence that grows",
        "bot/store/claims.py",
        "fence=table.c.fence + 1,",
        "fence=table.c.fence,",
        "tests/jobs/test_job_table.py::test_who_lost_the_lease_can_neither_finish_nor_put_back_nor_bury",
    ),
    Mutant(
        "the attempt that is written down",
        "bot/jobs/attempts.py",
        '            raise LeaseLost(f"The job {job.key} is another\'s by now.")',
        "            pass",
        "tests/jobs/test_job_attempts.py::test_who_lost_the_job_begins_no_call",
    ),
    Mutant(
        "the mark of an attempt",
        "bot/store/jobs.py",
        '"our_fence": job.fence, "now": at}',
        '"our_fence": job.fence, "now": None}',
        "tests/jobs/test_job_attempts.py::test_whoever_takes_a_job_over_sees_that_a_call_began",
    ),
    Mutant(
        "the lease before the socket",
        "bot/jobs/lease.py",
        "return self._monotonic() >= self.ends",
        "return False",
        "tests/jobs/test_job_attempts.py::test_who_slept_through_the_lease_sends_nothing_by_the_clock_that_nobody_turns",
    ),
    Mutant(
        "the lease that the gateway asks",
        "bot/slack/gateway.py",
        "            lease.check()\n",
        "            pass\n",
        "tests/slack/test_gateway.py::test_who_lost_the_lease_of_a_job_says_nothing_to_slack",
    ),
    Mutant(
        "Slack's settle wait",
        "bot/jobs/runner.py",
        "return job.attempted_at + self._settle - self._clock.now() if job.attempted_at else timedelta()",
        "return timedelta()",
        "tests/jobs/test_job_leases.py::test_nobody_looks_before_a_lost_call_has_settled",
    ),
    Mutant(
        "the platform's settle wait",
        "bot/cases/courier.py",
        "        if left > timedelta():",
        "        if False:",
        "tests/cases/test_courier_sends.py",
    ),
    Mutant(
        "the look-up before a second try",
        "bot/cases/courier.py",
        "if receipt := await feed.find(errand.answer):",
        "if receipt := None:",
        "tests/cases/test_courier_sends.py::test_in_doubt_the_platform_is_looked_at_before_any_second_try",
    ),
    Mutant(
        "the doubt of a reply found in sending",
        "bot/cases/courier.py",
        "doubtful = begun or stood_in_a_backup(unit, reply)",
        "doubtful = stood_in_a_backup(unit, reply)",
        "tests/cases/test_courier_sends.py::test_a_process_that_dies_while_sending_leaves_one_reply",
    ),
    Mutant(
        "the person who settles an unknown reply",
        "bot/cases/courier.py",
        "            return await self._close(errand, ReplyState.UNKNOWN, str(doubt))",
        "            pass",
        "tests/cases/test_courier_sends.py::test_two_doubts_in_a_row_are_a_persons_business",
    ),
    Mutant(
        "the freeze at the door",
        "bot/cases/courier.py",
        "    if gate.closed(unit, account):\n        raise gate.held()",
        "    gate.closed(unit, account)",
        "tests/cases/test_freeze.py::test_a_frozen_reply_stays_queued_and_its_card_says_why",
    ),
    Mutant(
        "the freeze of a locked account",
        "bot/cases/courier.py",
        "        await self._store.transact(lambda unit: gate.lock(unit, errand.account, str(locked), at=now))\n",
        "",
        "tests/cases/test_locked_account.py",
    ),
    Mutant(
        "the new drawing of a card that is found",
        "bot/slack/notifier.py",
        "        if stands.found:",
        "        if False:",
        "tests/stories/test_lost_answers.py::test_a_card_that_is_found_again_shows_what_happened_since_it_was_drawn",
    ),
    Mutant(
        "the reminder that is called once",
        "bot/cases/waiting.py",
        "    if known.count((called.what, called.detail)) >= nth:\n        return\n",
        "",
        "tests/cases/test_approval.py::test_a_reminder_that_a_death_repeats_calls_once_and_stands_in_the_timeline_once",
    ),
    Mutant(
        "the undo window",
        "bot/cases/courier.py",
        "if reply.send_at is not None and reply.send_at > at:",
        "if False:",
        "tests/cases/test_freeze.py::test_a_job_that_was_taken_up_before_the_end_of_a_freeze_keeps_to_the_fresh_window",
    ),
    Mutant(
        "the hash of an approval",
        "bot/cases/courier.py",
        "if reply.approved_at and reply.hash_as(errand.account) != reply.text_hash:",
        "if False:",
        "tests/cases/test_approval.py::test_a_text_that_was_changed_after_the_approval_is_stopped_at_the_door",
    ),
    Mutant(
        "the private case at the port",
        "bot/feeds/base.py",
        "if self.closed and not self.private:",
        "if False:",
        "tests/cases/test_private_stays_private.py",
    ),
    Mutant(
        "the role check",
        "bot/cases/rights.py",
        "if (role_of(staff, policy, place) or 0) >= NEEDS[verb]:",
        "if True:",
        "tests/cases/test_rights_matrix.py",
    ),
    Mutant(
        "the guest check",
        "bot/cases/rights.py",
        'if staff.standing is not Standing.MEMBER:\n        return f" here:',
        'if False:\n        return f" here:',
        "tests/cases/test_rights_matrix.py",
    ),
    Mutant(
        "the private channel's members",
        "bot/cases/rights.py",
        "        private = _shut_out(staff, verb, policy, place)\n",
        "        private = False\n",
        "tests/cases/test_private_stays_private.py::test_who_is_not_in_the_private_channel_neither_takes_nor_answers",
    ),
    Mutant(
        "the escape",
        "bot/slack/text.py",
        "words = clean(str(value)).translate(_ESCAPES)",
        "words = clean(str(value))",
        "tests/slack/test_text.py",
    ),
    Mutant(
        "the twins",
        "bot/cases/taking.py",
        "            if _post(pair) in known:",
        "            if False:",
        "tests/cases/test_reception_pages.py::test_twins_are_dropped_within_a_page_and_between_pages",
    ),
    Mutant(
        "a hook's signature",
        "bot/feeds/webhook.py",
        "        if not any(matches):",
        "        if False:",
        "tests/feeds/test_feed_webhook.py::test_a_changed_body_is_refused",
    ),
    Mutant(
        "a hook's window",
        "bot/feeds/webhook.py",
        "> WINDOW_S:",
        "> 100 * WINDOW_S:",
        "tests/feeds/test_feed_webhook.py",
    ),
    Mutant(
        "Slack's signature",
        "bot/web/slack.py",
        "        if not sum(hmac.compare_digest(given.encode(), one) for one in wanted):",
        "        if False:",
        "tests/web/test_web_slack_door.py::test_anything_else_is_refused_and_not_logged",
    ),
    Mutant(
        "a replayed request of Slack's",
        "bot/web/slack.py",
        "self._seen.once(signature)",
        'self._seen.once(f"{signature}{self._clock.now()}")',
        "tests/web/test_web_slack_door.py::test_the_same_signed_request_is_worked_on_once",
    ),
    Mutant(
        "the SDK's own retries",
        "bot/slack/gateway.py",
        "retry_handlers=[])",
        "retry_handlers=None)",
        "tests/slack/test_gateway.py::test_no_call_that_changes_anything_is_made_twice",
    ),
    Mutant(
        "the masking of card numbers",
        "bot/privacy/numbers.py",
        "return digit if place % 2 else sum(divmod(digit * 2, 10))",
        "return 1",
        "tests/privacy/test_redact.py",
    ),
    Mutant(
        "the age of a version",
        "bot/cases/changes.py",
        "now.revised_at > before.revised_at)",
        "now.revised_at != before.revised_at)",
        "tests/campaign/test_campaign_order.py::test_versions_and_deletions_in_any_order_three_times_over_end_in_the_same_words",
    ),
    Mutant(
        "what a deletion leaves that comes too early",
        "bot/cases/changes.py",
        "self._unit.feeds.remember({trace(feed, post) for post in posts if post not in here}, at=self._now)",
        "self._unit.feeds.remember(set(), at=self._now)",
        "tests/campaign/test_campaign_order.py::test_a_deletion_that_overtakes_its_post_takes_it_away",
    ),
    Mutant(
        "words that were replaced once",
        "bot/cases/changes.py",
        "self._unit.feeds.remember([old], at=self._now)",
        "self._unit.feeds.remember([], at=self._now)",
        "tests/campaign/test_campaign_order.py::test_an_old_page_that_comes_again_does_not_take_an_edit_back",
    ),
    Mutant(
        "the bid for a turn",
        "bot/jobs/pace.py",
        "if free_at and held:",
        "if free_at and not held:",
        "tests/jobs/test_job_fairness.py::test_the_more_urgent_goes_first_where_two_lanes_post_to_one_channel",
    ),
)


def copied(folder: Path, mutant: Mutant) -> Path:
    """Return a copy of the tree with one thing broken."""
    for name in ("bot", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for one in ROOT.iterdir():
        if one.is_file() and not one.name.startswith(".git"):
            shutil.copy(one, folder / one.name)
    broken = (folder / mutant.file).read_text()
    assert mutant.old in broken, f"{mutant.file} does not hold {mutant.old!r} any more"
    (folder / mutant.file).write_text(broken.replace(mutant.old, mutant.new))
    return folder


def is_killed(mutant: Mutant) -> bool:
    """Whether the mutant's test fails on it.

    Raises:
        AssertionError: the test did not run at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder), mutant)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", mutant.test]
        environment = {name: to for name, to in os.environ.items() if name != "GOSHAWK_TEST_DATABASE_URL"}
        try:
            done = subprocess.run(  # noqa: S603 - a command of our own
                command,
                cwd=tree,
                env={**environment, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=LONGEST_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        assert done.returncode not in _NOTHING_RAN, f"{mutant.name}: {done.stdout[-1_500:]}{done.stderr[-500:]}"
        return done.returncode == _FAILED


def main(names: Sequence[str]) -> int:
    """Run some mutants, or all, and print who lives."""
    chosen = [one for one in MUTANTS if not names or one.name in names]
    with ThreadPoolExecutor(2) as pool:
        killed = dict(zip(chosen, pool.map(_told, chosen), strict=True))
    for mutant, fate in killed.items():
        print(f"{fate:8} {mutant.name:45} {mutant.file}")  # noqa: T201 - a table for a person
    alive = sum(fate != "killed" for fate in killed.values())
    print(f"{len(killed) - alive} of {len(killed)} mutants killed")  # noqa: T201 - the same
    return 1 if alive else 0


def _told(mutant: Mutant) -> str:
    try:
        return "killed" if is_killed(mutant) else "LIVES"
    except AssertionError as trouble:
        print(trouble, file=sys.stderr)  # noqa: T201 - the same
        return "NOT RUN"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
