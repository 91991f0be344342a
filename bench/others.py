"""The peers of a measurement, as targets."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from awards.bootstrap import ROOT, Environment
from bench.databases import Database
from bench.peers import bare
from bench.servers import ALL, OUTPUT, SERVER, finish, running, uvicorn
from bench.votes import A_DAY, CANDIDATES, FIRST_NUMBER, HOST, form_post, get

REPEATED = 2000
DJANGO = ROOT / "bench" / "peers" / "django_polls"
DJANGO_VOTERS = 20_000
ROUNDS_OF_MOST = 10
DAY_FIELDS = f"csrf_token={'x' * 86}&day=2026-11-23&slot=1"
"""The other fields of our form, which no peer reads."""


@dataclass
class Peer:
    """A server that keeps nothing: a `Target` whose requests may be sent again."""

    name: str
    port: int
    sent: list[bytes]
    accepted: int = 303
    repeats = True

    def requests(self, count: int) -> list[bytes]:
        return self.sent[:count]

    def rows(self) -> int | None:
        return None


@dataclass
class Keeper:
    """A server that keeps votes, in a table of its own: a `Target`."""

    name: str
    port: int
    database: Database
    table: str
    write: Callable[[int, int], bytes]
    """The vote of this voter for this candidate."""
    accepted: int = 303
    most: int | None = None
    """Requests that can be written in all, if there is an end; a share of it serves each round."""
    repeats = False
    _voters: Iterator[int] = field(default_factory=itertools.count)

    def requests(self, count: int) -> list[bytes]:
        count = min(count, self.most // ROUNDS_OF_MOST) if self.most else count
        voters = list(itertools.islice(self._voters, -(-count // A_DAY)))
        return [
            self.write(voter, FIRST_NUMBER + (voter + tap * 7) % CANDIDATES)
            for tap in range(A_DAY)
            for voter in voters
        ][:count]

    def rows(self) -> int:
        return self.database.ask(f"SELECT count(*) FROM {self.table}")  # noqa: S608 - ours


@contextmanager
def bare_post(
    name: str = "bare post",
    *,
    path: str = "/vote",
    workers: int = 1,
    cores: frozenset[int] = SERVER,
) -> Iterator[Peer]:
    """A POST as Starlette's documentation shows it, served as we are."""
    sent = [bare_vote(n, FIRST_NUMBER + n % CANDIDATES, path=path) for n in range(REPEATED)]
    with running(
        uvicorn("bench.peers.bare:app", workers=workers),
        name=name.replace(" ", "-"),
        ready="/page",
        cores=cores,
    ) as server:
        yield Peer(name, server.port, sent)


@contextmanager
def naive(
    database: Database, *, settings: dict[str, str] | None = None, name: str = "naive orm"
) -> Iterator[Keeper]:
    """Tortoise with a transaction for each request."""
    with running(
        uvicorn("bench.peers.naive:app"),
        name=name.replace(" ", "-"),
        ready="/ready",
        settings={
            "BENCH_DATABASE": database.of_tortoise,
            "BENCH_CANDIDATES": f"{FIRST_NUMBER}+{CANDIDATES}",
            **(settings or {}),
        },
    ) as server:
        yield Keeper(name, server.port, database, "naive_vote", bare_vote)


@contextmanager
def raw_transactions(database: Database) -> Iterator[Keeper]:
    """One durable INSERT for each request, and nothing else."""
    with running(
        uvicorn("bench.peers.raw:app"),
        name="raw-transaction",
        ready="/page",
        settings={"BENCH_DATABASE": database.path},
    ) as server:
        yield Keeper("raw transaction", server.port, database, "raw_vote", bare_vote)


@contextmanager
def django_polls(database: Database) -> Iterator[Keeper]:
    """Django in an environment of its own, under gunicorn: two processes of four threads, which
    may use every core.
    """
    environment = Environment(OUTPUT / "django", DJANGO)
    environment.ensure(dev=False)
    settings = {
        "PYTHONPATH": str(DJANGO.parent),
        "DJANGO_SETTINGS_MODULE": "django_polls.settings",
        "BENCH_DATABASE": database.url,
        "BENCH_HOST": HOST,
    }
    numbers = (str(FIRST_NUMBER), str(CANDIDATES), str(DJANGO_VOTERS))
    python = str(environment.python)
    said = finish([python, "-m", "django_polls.prepare", *numbers], settings=settings)
    tickets = [line.split() for line in said.splitlines()]

    def write(voter: int, candidate: int) -> bytes:
        vote, secret, token = tickets[voter]
        fields = f"csrfmiddlewaretoken={token}&day=2026-11-23&slot=1&candidate={candidate}"
        return form_post("/vote", f"csrftoken={secret}; vote={vote}", fields, voter=voter)

    gunicorn = [python, "-m", "gunicorn", "django_polls.wsgi", "--bind", "127.0.0.1:{port}"]
    threads = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    with running(
        [*gunicorn, *threads, "--keep-alive", "75"],
        name="django-polls",
        ready="/ready",
        settings=settings,
        cores=ALL,
    ) as server:
        yield Keeper(
            "django", server.port, database, "django_polls_vote", write,
            accepted=302, most=DJANGO_VOTERS * A_DAY,
        )  # fmt: skip


@contextmanager
def bare_bytes(size: int) -> Iterator[Peer]:
    """A GET of so many bytes, as Starlette's documentation shows it."""
    with running(
        uvicorn("bench.peers.bare:app"),
        name="bare-bytes",
        ready="/page",
        settings={"BENCH_PAGE_BYTES": str(size)},
    ) as server:
        yield Peer("bare bytes", server.port, [get("/page")], accepted=200)


def bare_vote(voter: int, candidate: int, *, path: str = "/vote") -> bytes:
    """The same form from the same browser, as these peers can read it."""
    token = bare.serializer.dumps([1, f"{voter:032x}"])
    return form_post(
        path,
        f"visitor={'x' * 43}; vote={token}",
        f"{DAY_FIELDS}&candidate={candidate}",
        voter=voter,
    )


def file_of(folder: Path) -> Database:
    """A database of one peer alone."""
    return Database(f"sqlite://{folder / 'peer.sqlite3'}")
