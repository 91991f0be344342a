"""Our own side of a measurement: a campaign, its voters, and the votes as a browser sends them."""

import itertools
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from secrets import randbelow
from zoneinfo import ZoneInfo

from awards.campaigns.keys import read_key
from awards.config import Config
from awards.signing import Signer, digest, random_secret
from awards.voting.rules import CampaignKeys, Channel, VotingToken
from awards.voting.tokens import VotingTokens
from bench.databases import Database
from bench.load import Orders, fire
from bench.rounds import Mismatch
from bench.servers import SERVER, Running, anonymous_kib, finish, python, running

SLUG = "bench"
ZONE = "Asia/Shanghai"
HOST = "vote.bench.example"
SECRET = "only-for-the-bench-0123456789abcdef-0123456789"  # noqa: S105 - it guards nothing
CANDIDATES = 100
FIRST_NUMBER = 101
A_DAY = 10
"""Votes of one voter a day, as the rule has it."""
BROWSER = (
    "User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: zh-CN,zh;q=0.9",
    "Accept-Encoding: gzip, deflate, br",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
)
FIRST_ADDRESS, ADDRESSES = IPv4Address("198.18.0.0"), 1 << 17
"""Voters have addresses of the network that is set aside for measurements (RFC 2544)."""
KIT = """
kit = 1
consent = "Nobody is shown: these people are made up for a measurement."
[campaign]
slug = "{slug}"
title = {{ zh = "测量", en = "A measurement" }}
zone = "{zone}"
preset = "daily_tap"
published = true
[[category]]
slug = "one"
title = {{ zh = "助人为乐", en = "Helping others" }}
[[stage]]
kind = "voting"
starts = {starts}
ends = {ends}
"""
CANDIDATE = """
[[candidate]]
number = {number}
category = "one"
name = {{ zh = "候选人{number}", en = "Candidate {number}" }}
one_liner = "十年如一日照顾邻居。"
"""


def form_post(path: str, cookies: str, body: str, *, voter: int) -> bytes:
    """A form as a browser sends it, and a proxy that speaks https passes it on."""
    lines = (
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        *BROWSER,
        f"Origin: https://{HOST}",
        f"Referer: https://{HOST}/campaigns/{SLUG}/ballot",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"Cookie: {cookies}",
        f"X-Forwarded-For: {FIRST_ADDRESS + voter % ADDRESSES}",
        "X-Forwarded-Proto: https",
        "Connection: keep-alive",
    )
    return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode()


def get(path: str, *more: str) -> bytes:
    """A page as a browser asks for it. What it says otherwise than usual goes in `more`."""
    said = {line.partition(":")[0] for line in more}
    usual = [line for line in BROWSER if line.partition(":")[0] not in said]
    lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}", *usual, "Connection: keep-alive", *more)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass
class Site:
    """Our program with one campaign, ready to be started."""

    config: Config
    _voters: Iterator[int] = field(default_factory=lambda: itertools.count(randbelow(10**12)))

    def __post_init__(self) -> None:
        self.forms = Signer(self.config.signing_keys, "form")
        self.tokens = VotingTokens(self.config.signing_keys)

    @cached_property
    def keys(self) -> CampaignKeys:
        """The keys of its only campaign."""
        campaign = self.database.ask("SELECT id FROM campaign")
        return CampaignKeys.of(campaign, read_key(self.config.keys_folder, campaign))

    @property
    def database(self) -> Database:
        return Database(self.config.database)

    @property
    def settings(self) -> dict[str, str]:
        """What the program is told: everything else is as it comes."""
        return {
            "AWARDS_DATA_DIR": str(self.config.data_dir),
            "AWARDS_DATABASE_URL": self.config.database,
            "AWARDS_BASE_URL": self.config.base_url,
            "AWARDS_SECRET_KEYS": self.config.secret_keys,
        }

    def requests(self, count: int) -> list[bytes]:
        """Votes of new voters. Who votes ten times does not do so ten times in a row."""
        voters = [self._voter(n) for n in itertools.islice(self._voters, -(-count // A_DAY))]
        day = datetime.now(ZoneInfo(ZONE)).date()
        return [
            form_post(
                f"/campaigns/{SLUG}/ballots",
                cookies,
                f"csrf_token={token}&day={day}&slot=1"
                f"&candidate={FIRST_NUMBER + (voter + tap * 7) % CANDIDATES}",
                voter=voter,
            )
            for tap in range(A_DAY)
            for voter, cookies, token in voters
        ][:count]

    def _voter(self, number: int) -> tuple[int, str, str]:
        """Somebody who has proved an address: their cookies, and the token of their page."""
        keys = self.keys
        voter = keys.voter_tag(keys.pid(Channel.EMAIL, f"voter-{number}@example.org"))
        token = self.tokens.write(VotingToken(keys.campaign, Channel.EMAIL, voter))
        visitor = random_secret()
        browser = digest(visitor).hex()
        signed: str = self.forms.sign(f"{browser}.{random_secret(6)}").decode()
        cookies = f"__Host-visitor={visitor}; __Host-vote={token}"
        return number, cookies, signed.removeprefix(f"{browser}.")

    def rows(self) -> int:
        """The ballots of today, which are all that were cast here."""
        since = int(f"{datetime.now(ZoneInfo(ZONE)) - timedelta(days=1):%Y%m%d}")
        where = f"campaign = {self.keys.campaign} AND period >= {since}"
        return self.database.ask(f"SELECT count(*) FROM ballot WHERE {where}")  # noqa: S608 - numbers


@dataclass
class OurVotes:
    """Our program under load: a `Target`."""

    name: str
    port: int
    pid: int
    site: Site
    repeats = False
    accepted = 303

    def requests(self, count: int) -> list[bytes]:
        return self.site.requests(count)

    def rows(self) -> int:
        return self.site.rows()

    @property
    def megabytes(self) -> float:
        """The memory that is the process's own."""
        return anonymous_kib(self.pid) * 1024 / 1e6


@dataclass
class OurPage:
    """One of our pages under load: a `Target`."""

    name: str
    port: int
    request: bytes
    accepted: int = 200
    repeats = True

    def requests(self, count: int) -> list[bytes]:
        return [self.request]

    def rows(self) -> int | None:
        return None

    @property
    def size(self) -> int:
        """The bytes of its body, as they travel."""
        return len(self._answer.partition("\r\n\r\n")[2])

    @property
    def etag(self) -> str:
        found = re.search("^etag: (.*)$", self._answer, re.MULTILINE | re.IGNORECASE)
        if found is None:
            raise Mismatch(f"{self.name} has no ETag.")
        return found[1].strip()

    @cached_property
    def _answer(self) -> str:
        order = Orders(port=self.port, connections=1, seconds=5, warm_up=0)
        return fire(order, [self.request]).sample[1]


@contextmanager
def our_votes(
    name: str,
    site: Site,
    *,
    workers: int = 1,
    cores: frozenset[int] = SERVER,
    settings: dict[str, str] | None = None,
) -> Iterator[OurVotes]:
    """Our program, serving."""
    with serving(name, site, workers=workers, cores=cores, settings=settings) as server:
        yield OurVotes(name, server.port, server.pid, site)


def serving(
    name: str,
    site: Site,
    *,
    workers: int = 1,
    cores: frozenset[int] = SERVER,
    settings: dict[str, str] | None = None,
) -> AbstractContextManager[Running]:
    return running(
        python("server.py", "serve", "--port", "{port}", "--workers", str(workers)),
        name=name.replace(" ", "-"),
        ready="/health/ready",
        settings=site.settings | (settings or {}),
        cores=cores,
    )


def prepare(data: Path, database: Database | None = None) -> Site:
    """A site with one campaign in which voting is open, on a file of its own unless told where."""
    config = Config(
        data_dir=data,
        database_url=database.url if database else "",
        base_url=f"https://{HOST}",
        secret_keys=SECRET,
    )
    site = Site(config)
    kit = data / "kit.toml"
    kit.write_text(kit_text(datetime.now(UTC)), encoding="utf-8")
    finish(python("server.py", "campaign", "import", str(kit)), settings=site.settings)
    return site


def kit_text(now: datetime) -> str:
    """A campaign that has been open for twenty days, and is so for ten more."""
    starts, ends = (
        (now + timedelta(days=days)).isoformat(timespec="seconds") for days in (-20, 10)
    )
    head = KIT.format(slug=SLUG, zone=ZONE, starts=starts, ends=ends)
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + CANDIDATES)
    return head + "".join(CANDIDATE.format(number=number) for number in numbers)
