"""What taste is worth: favourites where it chose, beside those where chance did on purpose.

The interval is that of a risk ratio on a logarithmic scale: Katz et al., "Obtaining confidence intervals for
the risk ratio in cohort studies" (1978), with one half added to favourites and to others, so
that it has a width even when all are favourites. It takes pictures as independent.
"""

from __future__ import annotations

import math

from bot.storage import Database, rows
from commands.tastes import CONTROL, TASTE, Lift, Rate

INTERVAL = 1.96
"""Standard deviations around the middle that hold 95 %."""
NONE_SHOWN = Rate(0, 0)
MOST = 10_000
"""Pictures, or requests of a server, that are looked through, the latest ones: nobody waits long for that."""


def lift(taste: Rate, control: Rate) -> Lift:
    """The quotient of two rates with its interval."""
    if not taste.shown or not control.shown:
        return Lift(taste, control, None, None, None)
    (one, all_of_one), (other, all_of_other) = (
        (rate.favourites + 0.5, rate.shown + 1) for rate in (taste, control)
    )
    middle = math.log(one / all_of_one) - math.log(other / all_of_other)
    reach = INTERVAL * math.sqrt(1 / one - 1 / all_of_one + 1 / other - 1 / all_of_other)
    return Lift(taste, control, math.exp(middle), math.exp(middle - reach), math.exp(middle + reach))


def rates(database: Database, server: str | None = None) -> tuple[Rate, Rate]:
    """(where taste chose, where chance did on purpose) in a server, or everywhere, of the latest pictures."""
    sql, values = (_EVERYWHERE, (MOST,)) if server is None else (_HERE, (server, MOST))
    found = {row["slice"]: Rate(row["shown"], row["favourites"]) for row in rows(database, sql, *values)}
    return found.get(TASTE, NONE_SHOWN), found.get(CONTROL, NONE_SHOWN)


_RATES = """
SELECT slice, COUNT(*) AS shown, COALESCE(SUM(EXISTS (
  SELECT 1 FROM reactions
  WHERE picture = pictures.id AND verb = 'favourite' AND reactions.person = jobs.person
)), 0) AS favourites
FROM ({choices}) AS choices JOIN jobs ON jobs.id = choices.job
JOIN pictures ON pictures.job = jobs.id AND pictures.place = choices.place
WHERE state = 'posted' GROUP BY slice
"""
_EVERYWHERE = _RATES.format(choices="SELECT * FROM taste_choices ORDER BY rowid DESC LIMIT ?")
_HERE = _RATES.format(
    choices="SELECT * FROM taste_choices WHERE job IN"
    " (SELECT id FROM jobs WHERE server = ? ORDER BY finished_at DESC LIMIT ?)"
)
