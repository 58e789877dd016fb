"""Facts about bot/people/pseudonyms.py."""

from __future__ import annotations

import re

from bot.people.pseudonyms import conceal
from bot.storage.database import Storage


async def test_a_person_is_found_by_a_pseudonym_that_no_other_key_makes(tmp_path):
    made = []
    for name in ("one", "two"):
        storage = Storage(tmp_path / f"{name}.db")
        made += [await storage.write(lambda database: conceal(database, "web:ann")) for _ in range(2)]
        await storage.close()
    assert made[0] == made[1] != made[2] == made[3]
    assert all(re.fullmatch(r"web:forgotten-[0-9a-f]{24}", each) for each in made)
