"""Facts about commands/rights.py: who may change what others asked for."""

from __future__ import annotations

import pytest

from commands.rights import may_change
from tests.fakes import ask


@pytest.mark.parametrize(
    ("asker", "may"),
    [
        ({"person": "fake:ann"}, True),
        ({"person": "fake:ann", "server": "fake:elsewhere"}, True),
        ({"person": "fake:bob"}, False),
        ({"person": "fake:bob", "is_moderator": True}, True),
        ({"person": "fake:bob", "is_admin": True}, True),
        ({"person": "fake:bob", "is_admin": True, "server": "fake:elsewhere"}, False),
        ({"person": "fake:bob", "is_moderator": True, "server": "fake:elsewhere"}, False),
    ],
)
def test_the_owner_and_the_moderators_of_the_same_server_may(asker, may):
    assert may_change(ask(**asker), "fake:ann", "fake:studio") == may
