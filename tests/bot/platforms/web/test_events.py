"""Facts about bot/platforms/web/events.py."""

from __future__ import annotations

import json

from bot.platforms.web.events import MOST_BEHIND, EventStreams


def drained(queue):
    """What waits in a queue, parsed; None ends a stream."""
    waiting = [queue.get_nowait() for _ in range(queue.qsize())]
    return [json.loads(text) if text else None for text in waiting]


def test_an_event_reaches_every_page_of_its_person_and_nobody_else():
    streams = EventStreams()
    with streams.listen("ann") as first, streams.listen("ann") as second, streams.listen("bob") as other:
        streams.send("ann", {"type": "posted"})
        assert drained(first) == drained(second) == [{"type": "posted"}]
        assert drained(other) == []


def test_an_event_for_nobody_is_dropped():
    streams = EventStreams()
    streams.send("ann", {"type": "posted"})
    with streams.listen("ann") as queue:
        assert drained(queue) == []


def test_a_closed_page_gets_nothing_more():
    streams = EventStreams()
    with streams.listen("ann") as queue:
        pass
    streams.send("ann", {"type": "posted"})
    assert drained(queue) == []


def test_a_page_that_does_not_read_is_ended_and_the_others_go_on():
    streams = EventStreams()
    with streams.listen("ann") as slow, streams.listen("ann") as quick:
        seen = []
        for number in range(MOST_BEHIND + 5):
            streams.send("ann", {"number": number})
            seen += drained(quick)
        assert [each["number"] for each in seen] == list(range(MOST_BEHIND + 5))
        assert drained(slow)[-1] is None
        assert slow.qsize() == 0


def test_close_ends_every_stream_even_a_full_one():
    streams = EventStreams()
    with streams.listen("ann") as queue:
        for number in range(MOST_BEHIND):
            streams.send("ann", {"number": number})
        streams.close()
        assert drained(queue)[-1] is None
