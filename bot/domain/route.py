"""Where cards go and whom an escalation calls."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of the ladder: a channel, and people or groups to mention there."""

    name: str
    channel: str
    notify: tuple[str, ...] = ()
    """Slack ids: a person (U...) or a user group (S...)."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Channel ids by purpose."""

    cases: str
    private: str = ""
    """The only channel a private mention may enter; empty: it is withheld with a notice."""
    operators: str = ""
    """Where trouble of feeds and of Goshawk itself is said; empty: the cases channel."""

    @property
    def trouble(self) -> str:
        """The channel for trouble."""
        return self.operators or self.cases
