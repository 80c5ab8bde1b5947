"""What can go wrong, as one tree; every sentence is fit to be shown.

GoshawkError
├── NotAllowed              staff asked for something a law or a right refuses
│   └── NotOurs             a control or window brought back what we never wrote into it
├── CaseGone                no case of that number
├── VersionConflict         somebody else changed the case first (the store runs the work again)
├── LeaseLost               somebody else holds the job by now: what this one did is dropped
├── Repeated                a request of Slack's came again: it was taken already
├── Misconfigured           a setting, file or token is wrong; says what to do
├── Unusable                a file, folder or port a command was given cannot be used
│   └── CommitUnknown       the database was cut off while it stored: look before any second try
├── FeedTrouble             a feed could not be read
│   └── FeedBusy            ... and says when to come back
├── DeliveryRefused         something pushed to us is not accepted; carries the HTTP status
├── SendTrouble             a public reply did not go out
│   ├── SendRefused         the platform said no: final, in its own words
│   │   └── SendLocked      ... to whatever this account of ours says: all of it waits for a person
│   ├── SendLater           surely not applied; try again later
│   │   └── SendHeld        ... because sending is frozen, for as long as it is
│   └── SendDoubtful        it may have arrived: look before any second try
└── SlackTrouble            a call to Slack failed
    ├── SlackBusy           429 or out of reach, with the seconds to wait
    │   ├── NoTurn          ... because it is another message's turn in its lane
    │   └── SlackLocked     ... because our token is not taken, for as long as that lasts
    ├── SlackRefused        Slack's own error code, final
    └── SlackDoubtful       it may have been applied
"""

from __future__ import annotations


class GoshawkError(Exception):
    """Anything anticipated. Its text is a sentence for the person who meets it."""


class NotAllowed(GoshawkError):
    """A law of the case or a right refuses; the text says why and what to do."""


class NotOurs(NotAllowed):
    """A button, a menu or a window brings words that we never wrote into it: nothing is done, and it is logged once."""

    def __init__(self) -> None:
        super().__init__(
            "This button is of an older Goshawk, or not ours at all. Nothing was done. Type /social queue."
        )


class CaseGone(GoshawkError):
    """No case has that number."""


class VersionConflict(GoshawkError):
    """The row changed since it was read; the store runs the work again."""


class LeaseLost(GoshawkError):
    """The lease ended or another process took the job over: nothing more may leave on its account."""


class Repeated(GoshawkError):
    """A signed request came again, from Slack or from who copied it: nothing of it is done a second time."""

    def __init__(self) -> None:
        super().__init__("This request was taken already.")


class Misconfigured(GoshawkError):
    """A setting, a file or a token is wrong; the text says which and what to do."""


class Unusable(GoshawkError):
    """A file, folder or port that a command was given cannot be used."""


class CommitUnknown(Unusable):
    """The line to the database broke in a commit: it may have been stored, or not."""

    def __init__(self) -> None:
        super().__init__("The database was cut off while it stored this. Look whether it is there, then try again.")


class FeedTrouble(GoshawkError):
    """A feed could not be read this time; nothing of it was taken for no news."""


class FeedBusy(FeedTrouble):
    """The platform asks us to come back later."""

    def __init__(self, sentence: str, *, retry_after_s: float) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class DeliveryRefused(GoshawkError):
    """A pushed delivery is not accepted: nothing of it was kept."""

    def __init__(self, sentence: str, *, status: int) -> None:
        super().__init__(sentence)
        self.status = status
        """What its sender is answered: 400 not understood, 401 not proven, 413 too large."""


class SendTrouble(GoshawkError):
    """A public reply did not surely go out."""


class SendRefused(SendTrouble):
    """The platform refused for good; nothing was sent."""


class SendLocked(SendRefused):
    """The platform lets this account of ours write nothing: nothing was sent, and nothing will be."""


class SendLater(SendTrouble):
    """Surely not applied; the same text may be tried again."""

    def __init__(self, sentence: str, *, retry_after_s: float) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class SendHeld(SendLater):
    """A freeze keeps it back: nothing is tried, however long that takes."""


class SendDoubtful(SendTrouble):
    """The call may have been applied: look for the reply before any second try."""


class SlackTrouble(GoshawkError):
    """A call to Slack failed."""


class SlackBusy(SlackTrouble):
    """Surely not applied: Slack answered 429, or could not be reached."""

    def __init__(self, sentence: str, *, retry_after_s: float) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class NoTurn(SlackBusy):
    """Nothing was called: messages go out a gap apart, and the next turn comes after the seconds to wait."""


class SlackLocked(SlackBusy):
    """Slack takes our token no more, or not yet: nothing was done, and everything waits until it does."""

    def __init__(self, code: str, *, retry_after_s: float) -> None:
        super().__init__(f"Slack does not take our token: {code}.", retry_after_s=retry_after_s)
        self.code = code


class SlackRefused(SlackTrouble):
    """Slack said no; ``code`` is its own error name."""

    def __init__(self, sentence: str, *, code: str, needed: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.needed = needed
        """The scope that is missing, if that is why."""


class SlackDoubtful(SlackTrouble):
    """Slack may have applied the call: timeout, reset, 5xx or a body that is no JSON."""
