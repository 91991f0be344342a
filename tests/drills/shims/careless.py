"""The server as it must not be: it answers before its ballots are on the disk."""

import sys

from awards.cli import main
from awards.voting import store_sqlite

store_sqlite.PRAGMAS = tuple(
    "synchronous = NORMAL" if each.startswith("synchronous") else each
    for each in store_sqlite.PRAGMAS
)
sys.exit(main(sys.argv[1:]))
