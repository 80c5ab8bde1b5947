"""Who may do what: one table and one question, asked by every verb, denied by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot import metrics
from bot.domain.case import Case
from bot.domain.mention import Mention
from bot.domain.policy import Policy
from bot.domain.role import EVERYWHERE, Place, Placed, Role, highest, holders
from bot.domain.staff import Staff, Standing
from bot.errors import NotAllowed

#: The least role for each verb. A verb that is absent is refused to everybody.
NEEDS: Final[Mapping[str, Role]] = {
    "look": Role.VIEWER,
    "claim": Role.RESPONDER,
    "release": Role.RESPONDER,
    "assign": Role.RESPONDER,
    "reply": Role.RESPONDER,
    "undo": Role.RESPONDER,
    "settle": Role.RESPONDER,
    "resolve": Role.RESPONDER,
    "reopen": Role.RESPONDER,
    "snooze": Role.RESPONDER,
    "escalate": Role.RESPONDER,
    "note": Role.RESPONDER,
    "flag": Role.RESPONDER,
    "reveal": Role.RESPONDER,
    "freeze": Role.RESPONDER,
    "act": Role.RESPONDER,
    "stay": Role.RESPONDER,
    "track": Role.RESPONDER,
    "take over": Role.APPROVER,
    "approve": Role.APPROVER,
    "reject": Role.APPROVER,
    "request changes": Role.APPROVER,
    "unfreeze": Role.APPROVER,
    "export": Role.ADMIN,
    "retry": Role.ADMIN,
    "drop": Role.ADMIN,
    "erase": Role.ADMIN,
}

#: Verbs whose own word does not read well behind "You can't".
_SAYS: Final[Mapping[str, str]] = {
    "look": "look at cases",
    "note": "write notes",
    "undo": "take replies back",
    "settle": "say whether a reply arrived",
    "flag": "open cases",
    "track": "open cases",
    "stay": "hold cases",
    "reveal": "see what is masked",
    "freeze": "freeze sending",
    "unfreeze": "let sending go on",
    "export": "export the events",
    "retry": "have jobs tried again",
    "drop": "drop jobs",
    "erase": "erase people",
    "approve": "approve replies",
    "reject": "decide about replies",
    "act": "act here",
}
#: Verbs that speak for the brand: a refusal names the account.
_SPEAKS: Final = frozenset({"reply", "approve", "reject", "settle"})
#: The emergency brake: whoever may pull it somewhere may pull it everywhere.
_BRAKES: Final = frozenset({"freeze"})
#: Verbs about words of the customer or of ours: on a private case only for those who may read them.
_READS: Final = frozenset({"reply", "approve", "request changes", "reject", "reveal"})
#: What only brings help to a private case, or gives it back: nobody need read it for that. Any other verb is refused
#: to those outside the private channel; where there is none, nobody is inside, and cases must be ended all the same.
_HELPS: Final = frozenset({"look", "escalate", "assign", "release", "reopen", "track"})

#: What ends or delays the work of whoever has a case, and how a refusal calls it. Any other verb brings help, stops
#: what may be a mistake, or is its assignee's alone: the case itself refuses it to colleagues.
_INTERFERES: Final[Mapping[str, str]] = {
    "assign": "hand it on",
    "resolve": "end it",
    "snooze": "let it sleep",
}

#: How private words can be read, with and without a channel for them.
_HOW_IN: Final = {
    True: "Only people in the private channel read it: ask them to invite you.",
    False: "No private channel is set up: whoever runs Goshawk names one in goshawk.toml, channels.private.",
}

_WHY: Final = {
    Standing.GUEST: "guests of this workspace can read the cards, but not act for the brand",
    Standing.BOT: "bots cannot act for the brand",
    Standing.STRANGER: "people of other workspaces cannot act for the brand",
}


def may(staff: Staff, verb: str, policy: Policy, case: Placed | None = None) -> None:
    """Let somebody through who has the role that ``verb`` needs on ``case``; without one, on the whole desk.

    ``case`` may be a :class:`~bot.domain.role.Place` where there is no case, for instance ``Place(account="acme")``.

    Raises:
        NotAllowed: anybody else; the text says why and whom to ask.
    """
    place = None if verb in _BRAKES else case or EVERYWHERE
    _ask(staff, verb, policy, place)


def may_somewhere(staff: Staff, verb: str, policy: Policy) -> None:
    """Let somebody through to a verb that asks again when it knows the case: at doors, and for lists.

    Raises:
        NotAllowed: there is no case on which they may.
    """
    _ask(staff, verb, policy, None)


def allowed(staff: Staff, verb: str, policy: Policy, case: Placed) -> bool:
    """Tell whether somebody may, for lists that leave out what they may not."""
    return (role_of(staff, policy, case) or 0) >= NEEDS[verb] and not _shut_out(staff, verb, policy, case)


def may_on_anothers(staff: Staff, verb: str, policy: Policy, case: Case, *, note: str, away: bool) -> None:
    """Let somebody do this to a case that is free or their own; to a colleague's not without a word.

    ``note`` is that word. None is needed from who could take the case over, nor when the assignee is ``away``:
    the case is late, or they were asked whether they are still on it and did not answer.

    Raises:
        NotAllowed: somebody else has it, and would not know why it is gone.
    """
    if verb not in _INTERFERES or case.assignee in {None, staff.id}:
        return
    if not (note.strip() or away or allowed(staff, "take over", policy, case)):
        raise NotAllowed(f"{case.assignee_name} has case {case.id}. Add a note that says why you {_INTERFERES[verb]}.")


def place_of(mention: Mention) -> Place:
    """Return what a right is asked for before a mention has a case."""
    return Place(mention.terms.account, mention.private)


def role_of(staff: Staff, policy: Policy, place: Placed | None = EVERYWHERE) -> Role | None:
    """Return the role of a full member at a place, or with None the highest anywhere."""
    if staff.standing is not Standing.MEMBER:
        return None
    if policy.grants:
        return highest(staff, policy.grants, place)
    return Role.ADMIN if staff.is_owner else Role.RESPONDER


def may_hold(staff: Staff, policy: Policy, case: Placed | None = None) -> None:
    """Let a case be given to those only who may answer it.

    Raises:
        NotAllowed: it is anybody else; the text says why.
    """
    if staff.standing is not Standing.MEMBER:
        raise NotAllowed(f"{staff.name} can't be given cases: {_WHY[staff.standing]}.")
    if (role_of(staff, policy, case or EVERYWHERE) or 0) < Role.RESPONDER:
        raise NotAllowed(
            f"{staff.name} can't be given this case: that needs the role {Role.RESPONDER.word}."
            f"{_whom(policy, Role.RESPONDER, case)}"
        )
    if _shut_out(staff, "claim", policy, case):
        raise NotAllowed(f"{staff.name} can't be given this case: it is private, and they are not in its channel.")


def _shut_out(staff: Staff, verb: str, policy: Policy, place: Placed | None) -> bool:
    """Tell whether a verb is kept from somebody because the case is private and they are not in its channel."""
    if place is None or not place.private or staff.reads_private:
        return False
    return verb in _READS or (bool(policy.routes.private) and verb not in _HELPS)


def _ask(staff: Staff, verb: str, policy: Policy, place: Placed | None) -> None:
    if why := _refusal(staff, verb, policy, place):
        metrics.DENIED.labels(verb).inc()
        raise NotAllowed(f"You can't {_SAYS.get(verb, verb)}{why}")


def _refusal(staff: Staff, verb: str, policy: Policy, place: Placed | None) -> str:
    """Return where somebody may not do this, why, and whom to ask; empty when they may."""
    if staff.standing is not Standing.MEMBER:
        return f" here: {_WHY[staff.standing]}. Ask a full member of the team."
    if verb not in NEEDS:
        return " here: nobody can."
    if (role_of(staff, policy, place) or 0) >= NEEDS[verb]:
        private = _shut_out(staff, verb, policy, place)
        return f" here: it is private. {_HOW_IN[bool(policy.routes.private)]}" if private else ""
    account = f" as @{place.account}" if verb in _SPEAKS and place and place.account else ""
    return f"{account}: that needs the role {NEEDS[verb].word}.{_whom(policy, NEEDS[verb], place)}"


def _whom(policy: Policy, role: Role, place: Placed | None) -> str:
    """Say whom to ask: those who hold the role already."""
    if not policy.grants:
        return " Ask an owner or admin of this workspace."
    if names := holders(policy.grants, role, place)[:3]:
        return f" Ask {' or '.join(names)}."
    return " Nobody has it yet: whoever runs Goshawk gives it in goshawk.toml."
