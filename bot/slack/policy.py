"""From the settings to what the house goes by: names become ids of the workspace, numbers become spans."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.approval import ApprovalRule
from bot.domain.board import Brink
from bot.domain.ids import StaffId
from bot.domain.policy import Policy, ThreadLines
from bot.domain.role import Grant, Role, spelled
from bot.domain.route import Routes, Tier
from bot.domain.voice import Template, Voice
from bot.sections import ApprovalSettings, RoleSettings
from bot.settings import Settings
from bot.slack.directory import Directory


def policy_of(settings: Settings, directory: Directory) -> Policy:
    """Turn names into ids and numbers into spans.

    Raises:
        Misconfigured: a channel, person or group that the settings name does not exist.
    """
    channels = settings.channels
    return Policy(
        routes=Routes(
            cases=directory.channel(channels.cases),
            private=directory.channel(channels.private, private=True) if channels.private else "",
            operators=directory.channel(channels.operators) if channels.operators else "",
        ),
        tiers=tuple(
            Tier(tier.name, directory.channel(tier.channel), tuple(map(directory.group_or_person, tier.notify)))
            for tier in settings.tiers
        ),
        grants=tuple(_grant(role, directory) for role in settings.roles),
        oncall=directory.group_or_person(settings.oncall) if settings.oncall else "",
        promises=settings.all_promises,
        reach_p1=settings.reach_p1,
        undo=timedelta(seconds=settings.undo_s),
        undo_p1=timedelta(seconds=settings.undo_p1_s),
        thaw=timedelta(seconds=settings.unfreeze_s),
        replies_per_day=settings.replies_per_day,
        check_new_replies=settings.check_new_replies,
        direct_reply=settings.direct_reply,
        thread_lines=ThreadLines(settings.thread_lines),
        check_always=settings.check_view == "always",
        approval=_rule_of(settings.approval),
        voice=_voice(settings, directory),
        history=timedelta(days=settings.history_days),
        tier_gap=timedelta(minutes=settings.stale_tier_minutes),
        stale_claim=timedelta(minutes=settings.stale_claim_minutes),
        stale_return=timedelta(minutes=settings.stale_return_minutes),
        rollup=timedelta(minutes=settings.rollup_minutes),
        settle=timedelta(seconds=settings.slack_settle_s),
        brink=Brink(settings.storm_burst, settings.storm_per_minute),
        keep=timedelta(days=settings.keep_days),
        zone=settings.zone,
    )


def _grant(role: RoleSettings, directory: Directory) -> Grant:
    found = [directory.holder(name) for name in role.who]
    return Grant(
        role=Role[role.role.upper()],
        who=frozenset(one for one, _ in found),
        names=tuple(name for _, name in found),
        accounts=frozenset(map(spelled, role.accounts)),
        routes=frozenset(role.routes),
    )


def _voice(settings: Settings, directory: Directory) -> Voice:
    return Voice(
        signs=settings.signature != "off",
        signatures={StaffId(directory.group_or_person(who)): mark for who, mark in settings.signatures.items()},
        templates=tuple(Template(**one.model_dump()) for one in settings.templates),
        dm_links={network.casefold(): link for network, link in settings.dm_links.items()},
    )


def _rule_of(wanted: ApprovalSettings) -> ApprovalRule:
    return ApprovalRule(
        priorities=frozenset(wanted.priorities),
        routes=frozenset(wanted.routes),
        accounts=frozenset(map(spelled, wanted.accounts)),
        new_staff_replies=wanted.new_staff_replies,
        words=wanted.words,
        box=wanted.box,
        remind=timedelta(minutes=wanted.remind_minutes),
    )
