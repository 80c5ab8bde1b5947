"""Names for numbers and strings that must not be mixed up."""

from __future__ import annotations

from typing import NewType

CaseId = NewType("CaseId", int)
MentionId = NewType("MentionId", int)
ReplyId = NewType("ReplyId", int)
FreezeId = NewType("FreezeId", int)
ErasureId = NewType("ErasureId", int)
StaffId = NewType("StaffId", str)
"""A Slack user id, for instance U0ANA00001."""
