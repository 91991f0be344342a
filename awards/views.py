"""How often pages are read: counted in memory, as a GET writes nothing, and written by a job."""

from collections import Counter
from collections.abc import Mapping


class ViewCounter:
    """Reads since the last flush, by the id of what was read. One for each process and kind of
    page.
    """

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()

    def seen(self, key: object) -> None:
        """Somebody read it."""
        self._waiting[str(key)] += 1

    def waiting(self, key: object) -> int:
        """Reads that are not written yet."""
        return self._waiting[str(key)]

    def take(self) -> dict[str, int]:
        """All that waits, which from now on is the caller's to write."""
        taken, self._waiting = dict(self._waiting), Counter()
        return {key: reads for key, reads in taken.items() if reads}

    def put_back(self, taken: Mapping[str, int]) -> None:
        """What could not be written waits for the next time."""
        self._waiting.update(taken)
