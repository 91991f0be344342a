"""How much of a drill is run: a little with all other tests, everything when it is asked for by
name (`server.py test --drill NAME`).
"""

import os

CHOSEN = os.environ.get("AWARDS_TEST_DRILL", "")


def size(name: str, *, quick: int, full: int) -> int:
    """`full` where this drill was asked for."""
    return full if CHOSEN in (name, "all") else quick
