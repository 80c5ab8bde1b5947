"""One transaction and everything that can be done in it, by noun.

A unit lives in one thread and dies with its transaction. Events and jobs are
collected and written together at the end: a page of 200 mentions costs a few
statements, not hundreds.
"""

from __future__ import annotations

from sqlalchemy import Connection

from bot.store.attention import Attention
from bot.store.authors import Authors
from bot.store.boards import Boards
from bot.store.bursts import Bursts
from bot.store.cards import Cards
from bot.store.cases import Cases
from bot.store.copies import Copies, Erasures
from bot.store.escalations import Escalations
from bot.store.events import Events
from bot.store.feeds import Feeds
from bot.store.freezes import Freezes
from bot.store.gauges import Counts
from bot.store.jobs import Jobs
from bot.store.mentions import Mentions
from bot.store.naming import Namings
from bot.store.outages import Outages
from bot.store.pace import Paces
from bot.store.queues import Queues
from bot.store.quota import Quotas
from bot.store.removal import Removal
from bot.store.replies import Replies
from bot.store.reports import Reports
from bot.store.restored import Restored
from bot.store.strangers import Strangers


class Unit:
    """The nouns of the house over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self.attention = Attention(connection)
        self.authors = Authors(connection)
        self.boards = Boards(connection)
        self.bursts = Bursts(connection)
        self.cards = Cards(connection)
        self.cases = Cases(connection)
        self.copies = Copies(connection)
        self.counts = Counts(connection)
        self.erasures = Erasures(connection)
        self.escalations = Escalations(connection)
        self.events = Events(connection)
        self.feeds = Feeds(connection)
        self.freezes = Freezes(connection)
        self.jobs = Jobs(connection)
        self.mentions = Mentions(connection)
        self.outages = Outages(connection)
        self.paces = Paces(connection)
        self.queues = Queues(connection)
        self.quotas = Quotas(connection)
        self.namings = Namings(connection)
        self.removal = Removal(connection)
        self.replies = Replies(connection)
        self.reports = Reports(connection)
        self.restored = Restored(connection)
        self.strangers = Strangers(connection)

    def flush(self) -> bool:
        """Write what was collected; return whether a job was promised."""
        self.events.flush()
        self.boards.flush()
        return self.jobs.flush()
