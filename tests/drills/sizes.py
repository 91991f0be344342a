"""How much of a drill is run: a little with all other tests, more before a change lands
(`.ci/run`), everything when it is asked for by name (`server.py test --drill NAME`).
"""

import os

CHOSEN = os.environ.get("AWARDS_TEST_DRILL", "")
BEFORE_LANDING = "ci"


def size(name: str, *, quick: int, full: int, ci: int | None = None) -> int:
    """`full` where this drill was asked for, `ci` before a change lands."""
    if CHOSEN in (name, "all"):
        return full
    return ci if ci is not None and CHOSEN == BEFORE_LANDING else quick
