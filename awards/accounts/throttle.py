"""How often one may ask. Counts live in memory: one process, or as many counts as there are
workers.
"""

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from awards.errors import TooMany
from awards.i18n import mark as _

LIMITS = {
    "code.address": ("1/20seconds", "4/10minutes", "10/day"),
    "code.source": ("30/10minutes", "200/day"),
    "code.subnet": ("240/10minutes",),
    "code.worked": ("600/10minutes", "6000/day"),
    "code.plain": ("20/10minutes", "400/day"),
    "sms.number": ("1/50seconds", "4/hour", "8/day"),
    "sms.block": ("40/hour",),
    "sms.source": ("10/10minutes", "60/day"),
    "sms.subnet": ("80/10minutes",),
    "sms.worked": ("200/10minutes", "2000/day"),
    "sms.plain": ("8/10minutes", "80/day"),
    "vote.plain": ("20/10minutes",),
    "guess.source": ("60/10minutes",),
    "sign_in.name": ("10/10minutes",),
    "sign_in.source": ("30/10minutes",),
    "nomination.source": ("20/hour",),
    "photo.source": ("150/hour",),
    "feedback.source": ("10/hour",),
}
"""What may be asked how often. Sources are shared by families and offices, so theirs are generous.

A source has three budgets of letters with codes: what anybody gets (less when its neighbours ask
for many too), what is paid for with a proof of work, and a narrow lane for browsers that can't do
one. `voting/gate.py` says when which is used. Text messages have the same at a smaller size: each
costs money. A block is ten thousand numbers that follow one another.
"""


class Throttle:
    """Counts askings by kind and by who asks.

    The library's plain storage, not its `aio` one: that gives way between asking and counting, so
    that a burst would pass together, and hops to a thread for each key that it sweeps.
    """

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._limits: dict[str, list[RateLimitItem]] = {
            kind: [parse(limit) for limit in limits] for kind, limits in LIMITS.items()
        }

    async def ask(self, kind: str, who: str) -> None:
        """Count one asking, or raise `TooMany`; an asking that is refused is not counted."""
        self.require_room(kind, who)
        for limit in self._limits[kind]:
            self._window.hit(limit, kind, who)

    def require_room(self, kind: str, who: str) -> None:
        """Raise `TooMany` if one more asking would be refused. Nothing is counted."""
        for limit in self._limits[kind]:
            if not self._window.test(limit, kind, who):
                raise self._too_many(limit, kind, who)

    def has_room(self, kind: str, who: str) -> bool:
        """Whether one more asking would be let through. Nothing is counted."""
        return all(self._window.test(limit, kind, who) for limit in self._limits[kind])

    def take(self, kind: str, who: str) -> bool:
        """Count one asking if there is room for it, and say whether there was."""
        has_room = self.has_room(kind, who)
        if has_room:
            for limit in self._limits[kind]:
                self._window.hit(limit, kind, who)
        return has_room

    def _too_many(self, limit: RateLimitItem, kind: str, who: str) -> TooMany:
        stats = self._window.get_window_stats(limit, kind, who)
        seconds = max(1, math.ceil(stats.reset_time - time.time()))
        return TooMany(
            "too_many",
            _("That was asked several times in a row. Please try again in {minutes} min."),
            seconds=seconds,
            minutes=max(1, -(-seconds // 60)),
        )
