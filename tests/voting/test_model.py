"""The store against a small model that takes one vote at a time: same answers, same counts.

Votes that are sent at once may be kept in any order; but their answers have to be those of some
order, one after the other.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine

from awards import clock
from awards.campaigns.rules import BallotRule
from awards.errors import Refused
from awards.voting.counting import recount
from awards.voting.queries import read_tally
from awards.voting.rules import Counts, VotingToken
from tests.drills.sizes import size
from tests.voting.conftest import NUMBERS, OpenBooth

Freeze = Callable[[datetime], time_machine.Traveller]
STEPS, NIGHTS = 60, (20, 40)
BATCHES, EVENING, MOST_OF_ONE = 15, (5, 10), 5
SEEDS, TOGETHER = size("model", quick=400, full=2_000), 50
"""So many, and so many of them in one database, each with a campaign of its own."""
RULES: list[dict[str, object]] = [
    {"shape": "tap", "per_day": 3, "per_candidate_day": 1},
    {"shape": "tap", "per_day": 3, "per_candidate_day": 2, "per_candidate": 3, "per_campaign": 5},
    {"shape": "tap", "per_campaign": 4, "per_candidate": 1},
    {"shape": "tap", "per_category": 2},
    {"shape": "like", "per_candidate": 1},
    {"shape": "ballot", "max_picks": 3, "per_category": 1},
    {"shape": "ballot", "min_picks": 2, "max_picks": 3, "ballots": "daily"},
]


@dataclass(frozen=True)
class Sent:
    """One try to vote."""

    voter: int
    choices: tuple[int, ...]
    day: date
    slot: int


@dataclass
class Model:
    """The rules in the plainest words."""

    rule: BallotRule
    stands: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict)
    used: Counter[tuple[object, ...]] = field(default_factory=Counter)
    votes: Counter[int] = field(default_factory=Counter)

    def copy(self) -> "Model":
        return Model(self.rule, dict(self.stands), Counter(self.used), Counter(self.votes))

    def cast(self, sent: Sent, today: date) -> str:
        if self._is_wrong(sent.choices):
            return "ballot"
        late = self.rule.is_daily and sent.day != today
        if late and sent.day > today:
            return "ballot.other_day"
        if not self.rule.is_ballot and sent.slot > self.rule.slots:
            return "voting.quota_used"
        key = self._key(sent)
        if key in self.stands:
            same = self.stands[key] == tuple(sorted(sent.choices))
            return "again" if same else "voting.already_voted"
        if late:
            return "ballot.other_day"
        limits = self._limits(sent)
        if any(self.used[what] >= most for what, most in limits):
            return "voting.quota_used"
        self.used.update(what for what, _most in limits)
        self.stands[key] = tuple(sorted(sent.choices))
        self.votes.update(sent.choices)
        return "new"

    def _is_wrong(self, choices: tuple[int, ...]) -> bool:
        per_category = Counter(number // 100 for number in choices)
        return (
            not self.rule.least <= len(choices) <= self.rule.most
            or len(set(choices)) < len(choices)
            or not set(choices) <= set(NUMBERS)
            or (
                self.rule.is_ballot
                and self.rule.per_category is not None
                and max(per_category.values()) > self.rule.per_category
            )
        )

    def _key(self, sent: Sent) -> tuple[object, ...]:
        day = sent.day if self.rule.has_daily_ballots else None
        if self.rule.is_ballot:
            return (sent.voter, day)
        return (sent.voter, day, sent.choices[0], sent.slot)

    def _limits(self, sent: Sent) -> list[tuple[tuple[object, ...], int]]:
        if self.rule.is_ballot:
            return []
        voter, number, day = sent.voter, sent.choices[0], sent.day
        limits = [
            ((voter, "day", day), self.rule.per_day),
            ((voter, "all"), self.rule.per_campaign),
            ((voter, "candidate", number), self.rule.per_candidate),
            ((voter, "category", number // 100, day), self.rule.per_category),
        ]
        return [(what, most) for what, most in limits if most is not None]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("written", RULES, ids=lambda rule: "-".join(map(str, rule.values())))
async def test_the_store_answers_as_the_model_does(
    open_booth: OpenBooth, frozen_at: Freeze, written: dict[str, object], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    moment = frozen_at(clock.now())
    booth = await open_booth(**written)
    model, voters = Model(BallotRule.from_json(written)), [booth.voter() for _each in range(3)]
    outcomes: Counter[str] = Counter()
    sent: Sent | None = None

    for step in range(STEPS):
        if step in NIGHTS:
            moment.shift(timedelta(days=1))
        if sent is None or chance.random() > 0.15:
            sent = _some_vote(chance, model.rule, booth.today)
        expected = model.cast(sent, booth.today)
        assert (await _answer(booth.cast, voters[sent.voter], sent)).startswith(expected), sent
        outcomes[expected] += 1

    expected_counts = Counts(len(model.stands), dict(model.votes))
    assert await read_tally(booth.campaign.id) == expected_counts
    found = await recount(booth.campaign.id)
    assert (found.ballots, found.votes, found.agrees) == (*vars(expected_counts).values(), True)
    assert outcomes["new"] and outcomes["again"]


@pytest.mark.model
@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
async def test_votes_at_once_are_answered_as_in_some_order(
    open_booth: OpenBooth, frozen_at: Freeze, first: int
) -> None:
    moment = frozen_at(clock.now())
    for seed in range(first, first + TOGETHER):
        try:
            await _votes_at_once(open_booth, moment, seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


async def _votes_at_once(open_booth: OpenBooth, moment: time_machine.Traveller, seed: int) -> None:
    chance, written = random.Random(seed), RULES[seed % len(RULES)]  # noqa: S311 - to be repeated
    booth = await open_booth(**written)
    rule = BallotRule.from_json(written)
    models, voters = [Model(rule) for _each in range(3)], [booth.voter() for _each in range(3)]

    for step in range(BATCHES):
        if step in EVENING:
            moment.shift(timedelta(days=1))
        batch = _some_batch(chance, rule, booth.today)
        answers = await asyncio.gather(
            *(_answer(booth.cast, voters[sent.voter], sent) for sent in batch)
        )
        for voter in range(3):
            own = [
                (sent, answer)
                for sent, answer in zip(batch, answers, strict=True)
                if sent.voter == voter
            ]
            models[voter] = _some_order(models[voter], own, booth.today)

    stands = sum(len(model.stands) for model in models)
    votes = sum((model.votes for model in models), Counter[int]())
    assert stands
    assert await read_tally(booth.campaign.id) == Counts(stands, dict(votes))
    found = await recount(booth.campaign.id)
    assert (found.ballots, found.votes, found.agrees) == (stands, dict(votes), True)


def _some_order(model: Model, sent: list[tuple[Sent, str]], today: date) -> Model:
    """The model after these votes, in an order that explains their answers."""
    found = _after(model, sent, today)
    assert found, f"no order explains {sent}"
    return found


def _after(model: Model, sent: list[tuple[Sent, str]], today: date) -> Model | None:
    if not sent:
        return model
    for place, (each, answer) in enumerate(sent):
        tried = model.copy()
        if answer.startswith(tried.cast(each, today)):
            if found := _after(tried, sent[:place] + sent[place + 1 :], today):
                return found
    return None


def _some_batch(chance: random.Random, rule: BallotRule, today: date) -> list[Sent]:
    """Votes of few people, many of them the same, so that they meet in one transaction."""
    drawn = [_some_vote(chance, rule, today) for _each in range(6)]
    batch = drawn + chance.choices(drawn, k=4)
    chance.shuffle(batch)
    # As many of one voter as have not too many orders.
    seen: Counter[int] = Counter()
    kept = []
    for sent in batch:
        seen[sent.voter] += 1
        if seen[sent.voter] <= MOST_OF_ONE:
            kept.append(sent)
    return kept


def _some_vote(chance: random.Random, rule: BallotRule, today: date) -> Sent:
    size = chance.randint(1, 4) if rule.is_ballot else chance.choice([1, 1, 1, 1, 1, 1, 2])
    return Sent(
        voter=chance.randrange(3),
        choices=tuple(chance.choices([*NUMBERS[:4], 999], [10, 10, 10, 10, 1], k=size)),
        day=today - timedelta(days=chance.choice([0] * 12 + [1, 1, -1])),
        slot=chance.choice([1, 1, 1, 2, 3]) if not rule.is_ballot else 1,
    )


async def _answer(cast: Callable[..., object], token: VotingToken, sent: Sent) -> str:
    try:
        receipt = await cast(token, *sent.choices, day=sent.day, slot=sent.slot)  # type: ignore[misc]
    except Refused as refused:
        return refused.code
    return "new" if receipt.is_new else "again"
