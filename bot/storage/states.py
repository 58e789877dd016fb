"""TODO bot/storage/states.py."""

from __future__ import annotations

QUEUED, RUNNING, PAINTED, POSTED, FAILED = "queued", "running", "painted", "posted", "failed"


CANCELLED = "cancelled"
