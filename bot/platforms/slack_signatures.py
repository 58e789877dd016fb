"""Slack signs what it sends: https://docs.slack.dev/authentication/verifying-requests-from-slack/

The SDK compares in constant time and believes a signature for five minutes. This stands before everything
that the address answers, and takes what the SDK stumbles over (a time that is no number, signs beyond ASCII)
for unsigned.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from slack_sdk.signature import SignatureVerifier

from bot.config import Secret


def signed_only(secret: Secret) -> Middleware:
    """Answers 401 to whatever does not come from Slack, whichever route it is for."""
    verifier = SignatureVerifier(secret.reveal())

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        time = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not is_signed(verifier, await request.read(), time, signature):
            return web.Response(status=401)
        return await handler(request)

    return guard


def is_signed(verifier: SignatureVerifier, body: bytes, time: str, signature: str) -> bool:
    """Whether Slack signed this body within the last five minutes. time: UTC epoch seconds, as they came"""
    try:
        return bool(verifier.is_valid(body, time, signature))
    except (TypeError, ValueError, OverflowError):
        return False
