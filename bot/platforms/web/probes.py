"""Serve /healthz and /metrics to machines. They say nothing about people."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.operations.health import Health
from bot.operations.metrics import Meter, jobs_by_state
from bot.storage.database import Storage, StorageError
from bot.tastes.report import lift, rates

log = logging.getLogger(__name__)


class Probes:
    """The routes of the probes."""

    def __init__(self, health: Health, meter: Meter, storage: Storage) -> None:
        self._health, self._meter, self._storage = health, meter, storage

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return the routes."""
        return [web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)]

    async def _healthz(self, request: web.Request) -> web.StreamResponse:
        """Answer 200 when people can be served, else 503; the body says what is missing."""
        state = await self._health.state()
        body = {"ready": state.ready, **asdict(state)}
        headers = {"Cache-Control": "no-store"}
        return web.json_response(body, status=200 if state.ready else 503, headers=headers)

    async def _metrics(self, request: web.Request) -> web.StreamResponse:
        try:
            self._meter.count_jobs(await self._storage.read(jobs_by_state))
            self._meter.measure_taste(lift(*await self._storage.read(rates)))
        except StorageError as error:
            log.error("the jobs cannot be counted: %s", error)
            self._meter.count_jobs(None)
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return web.Response(body=self._meter.text(), headers=headers)
