"""Facts about commands/cancel.py."""

from __future__ import annotations

import pytest

from commands.cancel import COMMAND
from tests.fake_context import FakeContext, ask


@pytest.mark.parametrize(("words", "job"), [("", ""), ("job-1", "job-1"), (" job-1\u200b ", "job-1")])
async def test_a_job_or_the_latest_one_is_cancelled(words, job):
    context = FakeContext()
    answer = await COMMAND.run(ask("cancel", words), context)
    assert (answer.text, answer.private) == ("Cancelled: style=ink", True)
    assert context.jobs.cancelled == [job]
