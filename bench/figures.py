"""Each figure, by its name: what is measured, and against what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from operator import attrgetter

from bench.databases import Database
from bench.others import bare_post, file_of, naive
from bench.rounds import Pair, Samples, Shape, interleaved, ratios
from bench.servers import ALL, SERVER, folder, postgres, slower_fsync
from bench.votes import OurVotes, our_votes, prepare

RATE, P99 = attrgetter("rate"), attrgetter("p99")


@dataclass
class Run:
    """One run of the bench: how many rounds, and what figures have in common."""

    rounds: int = 5
    kept: dict[str, list[Pair]] = field(default_factory=dict)

    def shape(self, **more: object) -> Shape:
        return Shape(rounds=self.rounds, **more)  # type: ignore[arg-type]

    def once(self, name: str, measure: Callable[[], list[Pair]]) -> list[Pair]:
        """Rounds that several figures are read from are run once."""
        if name not in self.kept:
            self.kept[name] = measure()
        return self.kept[name]


Measure = Callable[[Run], Samples]


@dataclass(frozen=True)
class Figure:
    """A figure's name, unit and way."""

    name: str
    unit: str
    measure: Measure
    about: str


FIGURES: dict[str, Figure] = {}


def figure(unit: str) -> Callable[[Measure], Measure]:
    """Enter a function under its own name."""

    def enter(measure: Measure) -> Measure:
        name, about = measure.__name__, (measure.__doc__ or "").strip()
        FIGURES[name] = Figure(name, unit, measure, " ".join(about.split()))
        return measure

    return enter


@figure("ratio")
def vote_sqlite_vs_bare_post(run: Run) -> Samples:
    """Votes/s on SQLite, one worker, 64 connections, by a bare Starlette POST's."""
    return ratios(_sqlite_and_bare(run), RATE)


@figure("ratio")
def vote_p99_vs_bare_post_p99(run: Run) -> Samples:
    """The same rounds: our 99th percentile by the bare POST's."""
    return ratios(_sqlite_and_bare(run), P99)


@figure("ratio")
def vote_postgres_vs_bare_post(run: Run) -> Samples:
    """Votes/s on PostgreSQL, one worker, 64 connections, by a bare Starlette POST's."""
    with votes_on_postgres() as ours, bare_post() as bare:
        return ratios(interleaved(ours, bare, run.shape()), RATE)


@figure("ratio")
def vote_postgres_2w_vs_bare_post_2w(run: Run) -> Samples:
    """The same with two workers each, which share both cores with the load and the database."""
    with votes_on_postgres(workers=2) as ours, bare_post(workers=2, cores=ALL) as bare:
        return ratios(interleaved(ours, bare, run.shape(cores=ALL)), RATE)


@figure("ratio")
def vote_sqlite_vs_naive_orm(run: Run) -> Samples:
    """Votes/s on SQLite by those of a Tortoise transaction for each request, as durable."""
    with folder("naive-sqlite") as data, votes_on_sqlite() as ours, naive(file_of(data)) as peer:
        return ratios(interleaved(ours, peer, run.shape()), RATE)


@figure("ratio")
def vote_postgres_vs_naive_orm(run: Run) -> Samples:
    """The same on PostgreSQL, both on one server."""
    with postgres() as url, votes_on_postgres(url) as ours:
        with naive(Database(url).another("naive")) as peer:
            return ratios(interleaved(ours, peer, run.shape()), RATE)


@figure("ratio")
def vote_slow_fsync_vs_naive_orm(run: Run) -> Samples:
    """Votes/s on SQLite by the naive ones, 256 connections, each fsync 2 ms slower for both."""
    slow = slower_fsync(2)
    with folder("naive-slow") as data, votes_on_sqlite("sqlite slow", settings=slow) as ours:
        with naive(file_of(data), settings=slow) as peer:
            return ratios(interleaved(ours, peer, run.shape(connections=256)), RATE)


def _sqlite_and_bare(run: Run) -> list[Pair]:
    def measure() -> list[Pair]:
        with votes_on_sqlite() as ours, bare_post() as bare:
            return interleaved(ours, bare, run.shape())

    return run.once("sqlite and bare", measure)


@contextmanager
def votes_on_sqlite(
    name: str = "sqlite", *, settings: dict[str, str] | None = None
) -> Iterator[OurVotes]:
    """Our program with a database file of its own."""
    with folder(name) as data, our_votes(name, prepare(data), settings=settings) as ours:
        yield ours


@contextmanager
def votes_on_postgres(url: str = "", *, workers: int = 1) -> Iterator[OurVotes]:
    """Our program on PostgreSQL: on a server of its own, unless told which."""
    with nullcontext(url) if url else postgres() as server, folder("postgres") as data:
        site = prepare(data, Database(server).another("ours"))
        cores = SERVER if workers == 1 else ALL
        with our_votes("postgres", site, workers=workers, cores=cores) as ours:
            yield ours
