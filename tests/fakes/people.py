"""Who presses the buttons in the tests."""

from __future__ import annotations

from typing import Final

from bot.domain.ids import StaffId
from bot.domain.staff import Staff, Standing

ANA: Final = Staff(StaffId("U0ANA00001"), "Ana", reads_private=True)
BEN: Final = Staff(StaffId("U0BEN00001"), "Ben", reads_private=True)
CLEO: Final = Staff(StaffId("U0CLEO0001"), "Cleo", is_owner=True, reads_private=True)
#: Not in the private channel.
DEV: Final = Staff(StaffId("U0DEV00001"), "Dev")
GUEST: Final = Staff(StaffId("U0GUS00001"), "Gus", Standing.GUEST)
STRANGER: Final = Staff(StaffId("U0OTTO0001"), "Otto", Standing.STRANGER)
ROBOT: Final = Staff(StaffId("U0ROBOT001"), "Robot", Standing.BOT)
