"""Each figure, by its name: what is measured, and against what."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import TypeVar

from bench.databases import Database
from bench.growth import VOTERS, bytes_of_parts, grow
from bench.listeners import Audience, listening
from bench.load import Orders, fire
from bench.others import bare_bytes, bare_post, django_polls, file_of, naive, raw_transactions
from bench.rounds import (
    ROUNDS,
    Mismatch,
    Pair,
    Samples,
    Shape,
    check,
    interleaved,
    line,
    measured,
    ratios,
    show_vote,
)
from bench.servers import ALL, LOAD, SERVER, finish, folder, postgres, python, settled, slower_fsync
from bench.votes import SLUG, OurPage, OurVotes, Site, get, our_votes, prepare

RATE, P50, P99 = attrgetter("rate"), attrgetter("p50"), attrgetter("p99")
BUSY = 503
T = TypeVar("T")
SLOW_STORE = 200
"""Milliseconds for each fsync, with which about 1,000 votes are kept in a second."""
OFFERED = partial(Orders, connections=4096, seconds=30, warm_up=2, rate=4000, retries=True)


@dataclass
class Run:
    """One run of the bench: how many rounds, and what figures have in common."""

    rounds: int = ROUNDS
    voters: int = VOTERS
    """Who gave ten votes on each of ten days, where a database is to be large."""
    listeners: int = 5000
    streams: tuple[float, list[float]] | None = None
    kept: dict[str, list[Pair]] = field(default_factory=dict)
    grown: dict[str, Site] = field(default_factory=dict)
    """Large databases, by engine."""
    _open: ExitStack = field(default_factory=ExitStack)

    def open(self, what: AbstractContextManager[T]) -> T:
        """Keep something open until the run ends: several figures need it."""
        return self._open.enter_context(what)

    def close(self) -> None:
        self._open.close()

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
def vote_postgres_vs_django(run: Run) -> Samples:
    """Votes/s of our one process on PostgreSQL by those of Django under gunicorn, two processes of
    four threads, on the same server.
    """
    with postgres() as url, votes_on_postgres(url) as ours:
        with django_polls(Database(url).another("django")) as peer:
            return ratios(interleaved(ours, peer, run.shape()), RATE)


@figure("ratio")
def vote_slow_fsync_vs_naive_orm(run: Run) -> Samples:
    """Votes/s on SQLite by the naive ones, 256 connections, each fsync 2 ms slower for both."""
    slow = slower_fsync(2)
    with folder("naive-slow") as data, votes_on_sqlite("sqlite slow", settings=slow) as ours:
        with naive(file_of(data), settings=slow) as peer:
            return ratios(interleaved(ours, peer, run.shape(connections=256)), RATE)


@figure("ratio")
def light_load_p50_vs_raw_transaction(run: Run) -> Samples:
    """Four connections: our median time on SQLite by that of one raw durable INSERT a request."""
    with folder("raw") as data, votes_on_sqlite() as ours, raw_transactions(file_of(data)) as raw:
        return ratios(interleaved(ours, raw, run.shape(connections=4)), P50)


@figure("MB")
def rss_one_worker(run: Run) -> Samples:
    """Anonymous memory of our one process on SQLite after rounds of votes."""
    with votes_on_sqlite() as ours:
        ready, found = ours.megabytes, []
        for _round in range(run.rounds):
            measured(ours, run.shape())
            found.append(ours.megabytes)
    print(f"  {ready:.0f} MB at ready, then {', '.join(f'{each:.0f}' for each in found)} MB")
    return Samples(found)


@figure("ratio")
def overload_accepted_vs_peak(run: Run) -> Samples:
    """Votes/s that 2,048 connections without pause get in on SQLite, by those of 64."""
    with votes_on_sqlite() as ours:
        show_vote(ours)
        pairs = []
        for _round in range(run.rounds):
            peak = measured(ours, run.shape())
            crowd = measured(ours, run.shape(connections=2048), others=[BUSY])
            print(f"  {line('64', peak)}  |  {line('2048', crowd)}  {crowd.statuses}", flush=True)
            pairs.append((crowd, peak))
        return ratios(pairs, RATE)


@figure("ratio")
def overload_slow_store_accepted(run: Run) -> Samples:
    """The store slowed to about 1,000 votes/s, 4,000 offered each second for 30 s, who is refused
    comes back when told to: what was accepted by what the same slow store takes at its best.
    """
    return ratios([_slow_store(run)], RATE)


@figure("ms")
def overload_slow_store_p99(run: Run) -> Samples:
    """The same rounds: the 99th percentile of those that were accepted."""
    return Samples([_slow_store(run)[0].p99])


def _slow_store(run: Run) -> Pair:
    def measure() -> list[Pair]:
        with votes_on_sqlite("slow store", settings=slower_fsync(SLOW_STORE)) as ours:
            best = measured(ours, run.shape(connections=900, seconds=8), others=[BUSY])
            print(f"  {line('at its best', best)}", flush=True)
            ready, before = ours.megabytes, ours.rows()
            seen = fire(OFFERED(port=ours.port), ours.requests(130_000), before=settled(LOAD))
            check(ours, seen, before, others=[BUSY])
            print(f"  {line('offered 4000/s', seen)}  {seen.statuses}")
            print(
                f"  {ready:.0f} MB before, {ours.megabytes:.0f} MB after; {seen.unadvised}", end=""
            )
            print(" refusals without Retry-After", flush=True)
            if seen.unadvised:
                raise Mismatch(f"{seen.unadvised} refusals name no time to come back.")
            return [(seen, best)]

    return run.once("slow store", measure)[0]


@figure("ratio")
def page_vs_bare_bytes(run: Run) -> Samples:
    """Campaign pages of 100 candidates a second, by as many bare bytes of Starlette's."""
    with votes_on_sqlite() as ours:
        page = OurPage("page", ours.port, get(f"/campaigns/{SLUG}"))
        with bare_bytes(page.size) as bare:
            return ratios(interleaved(page, bare, run.shape()), RATE)


@figure("ratio")
def not_modified_vs_bare_bytes(run: Run) -> Samples:
    """The same page asked for by its ETag and not changed, by the bare bytes of the whole page."""
    with votes_on_sqlite() as ours:
        page = OurPage("page", ours.port, get(f"/campaigns/{SLUG}"))
        known = f"If-None-Match: {page.etag}"
        same = OurPage("not modified", ours.port, get(f"/campaigns/{SLUG}", known), accepted=304)
        with bare_bytes(page.size) as bare:
            return ratios(interleaved(same, bare, run.shape()), RATE)


@figure("ratio")
def vote_at_10m_vs_empty(run: Run) -> Samples:
    """Votes/s on SQLite on top of ten million ballots, by those of an empty database."""
    site = grown_on_sqlite(run)
    with votes_on_sqlite("empty") as empty, our_votes("grown", site) as ours:
        return ratios(interleaved(ours, empty, run.shape()), RATE)


@figure("s")
def recount_10m_sqlite(run: Run) -> Samples:
    """Seconds that `server.py recount` takes for ten million ballots on SQLite."""
    return recounts(grown_on_sqlite(run), run)


@figure("s")
def recount_10m_postgres(run: Run) -> Samples:
    """The same on PostgreSQL."""
    return recounts(grown_on_postgres(run), run)


@figure("B")
def bytes_per_ballot_sqlite(run: Run) -> Samples:
    """Bytes on SQLite of all tables and indexes of the vote path, by the ballots they hold."""
    return bytes_per_ballot(grown_on_sqlite(run))


@figure("B")
def bytes_per_ballot_postgres(run: Run) -> Samples:
    """The same on PostgreSQL."""
    return bytes_per_ballot(grown_on_postgres(run))


def grown_on_sqlite(run: Run) -> Site:
    """A site of ten million ballots. Those who only read it share it, until the run ends."""
    if "sqlite" not in run.grown:
        site = prepare(run.open(folder("grown")))
        grow(site, voters=run.voters)
        run.grown["sqlite"] = site
    return run.grown["sqlite"]


def grown_on_postgres(run: Run) -> Site:
    """The same on a server of its own."""
    if "postgres" not in run.grown:
        database = Database(run.open(postgres())).another("grown")
        site = prepare(run.open(folder("grown-postgres")), database)
        grow(site, voters=run.voters)
        run.grown["postgres"] = site
    return run.grown["postgres"]


def recounts(site: Site, run: Run) -> Samples:
    """The command, from its start to its end."""
    took = []
    for _round in range(run.rounds):
        started = time.perf_counter()
        said = finish(
            python("server.py", "recount", "--campaign", SLUG, "--json"), settings=site.settings
        )
        took.append(time.perf_counter() - started)
        print(f"  {took[-1]:.2f} s: {said[:60]} ...", flush=True)
    return Samples(took)


def bytes_per_ballot(site: Site) -> Samples:
    """Of each table, and of all together."""
    parts = bytes_of_parts(site)
    ballots = site.database.ask("SELECT count(*) FROM ballot")
    for table, size in parts.items():
        print(f"  {table:12} {size / ballots:8.1f} bytes a ballot")
    return Samples([sum(parts.values()) / ballots])


@figure("KiB")
def sse_per_client(run: Run) -> Samples:
    """Anonymous memory of our process for each of 5,000 pages that listen to the counts."""
    return Samples([_streams(run)[0]])


@figure("ms")
def sse_fanout_5000(run: Run) -> Samples:
    """The time from the first to the last of 5,000 listeners that hear one update. Counts move
    once a minute, so this takes some.
    """
    return Samples(_streams(run)[1])


def _streams(run: Run) -> tuple[float, list[float]]:
    """KiB for each listener, and the milliseconds of each update."""
    if run.streams is None:
        request = get(f"/campaigns/{SLUG}/counts", "Accept: text/event-stream")
        with votes_on_sqlite("streams") as ours:
            measured(ours, run.shape(seconds=1))  # Warm: the memory of that is not the listeners'.
            before = ours.megabytes
            with listening(ours.port, run.listeners, request, before=settled(LOAD)) as audience:
                audience.next_news()
                each = (ours.megabytes - before) * 1e6 / 1024 / run.listeners
                print(f"  {run.listeners} listen, {each:.1f} KiB each", flush=True)
                run.streams = each, [_update(ours, audience) for _n in range(run.rounds)]
    return run.streams


def _update(ours: OurVotes, audience: Audience) -> float:
    """Cast a few votes, and wait until everybody has heard of them."""
    order = Orders(port=ours.port, connections=10, seconds=5, warm_up=0)
    fire(order, ours.requests(100), before=settled(LOAD))
    heard = audience.next_news()
    print(f"  {heard['heard']} heard within {heard['span']:.0f} ms", flush=True)
    return float(heard["span"])


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
