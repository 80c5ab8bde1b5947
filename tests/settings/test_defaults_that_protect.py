"""What protects customers and staff is on without being asked for."""

from __future__ import annotations

from bot.settings import only


def test_nothing_has_to_be_switched_on_to_be_protected():
    settings = only()

    assert (settings.undo_s, settings.undo_p1_s) == (15, 5)
    assert settings.keep_days == 180
    assert settings.direct_reply is False
    assert settings.stale_claim_minutes > 0
    assert settings.check_view != "never"
