"""The states of a job, as the database stores them."""

from __future__ import annotations

QUEUED, RUNNING, PAINTED, POSTED = "queued", "running", "painted", "posted"
FAILED, CANCELLED = "failed", "cancelled"
UNDELIVERED = "undelivered"
"""Painted, refunded, and in its person's gallery alone: its platform took it nowhere."""
