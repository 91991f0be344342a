"""K3: at each point of a vote's way, found in the code, the request is cancelled, the disk fails or
the process is killed. Nothing acknowledged is lost, nothing counts twice, the tally agrees, and the
next vote works.
"""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette

from awards.config import Config
from tests.conftest import ENGINE
from tests.drills.crowd import Memory, Vote
from tests.drills.doomed import Doomed
from tests.drills.points import Fault
from tests.drills.scenes import Play, client_of, count_all, marked
from tests.drills.site import add_poll, opened

BEFORE_AND_AFTER = (False, True)
KINDS = ("cancel", "EIO", "ENOSPC")
pytestmark = pytest.mark.k3


@dataclass
class Kept(Memory):
    """What was acknowledged; who is to be refused."""

    hopeless: set[Vote] = field(default_factory=set)

    def sends(self, vote: Vote, *, is_good: bool) -> None:
        if not is_good:
            self.hopeless.add(vote)
        elif vote not in self.kept:
            self.unsure.add(vote)

    def keeps(self, vote: Vote, tracker: str) -> None:
        assert vote not in self.hopeless, vote
        self.keep(vote, tracker)


async def test_wherever_a_vote_is_interrupted_it_counts_once(
    app: Starlette, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault, kept = Fault(), Kept()
    points = marked(fault, ENGINE, monkeypatch)
    poll = await add_poll(config)
    await app.state.ballot_box.papers.refresh()
    async with client_of(app) as client:
        play = Play(app, config, kept, fault, points, poll, client)
        scene_of = await play.find_scenes()
        assert "\n".join(point for point in points if point not in scene_of) == ""

        played = Counter[str]()
        for point in points:
            scene, by_form = scene_of[point]
            for after in BEFORE_AND_AFTER:
                for kind in KINDS:
                    fault.arm(point, kind, after=after)
                    try:
                        await play.perform(scene, by_form=by_form)
                    except (AssertionError, TimeoutError) as error:
                        raise AssertionError(f"{kind} at {point}, {after=}: {error}") from error
                    assert fault.fired, f"{scene} does not come by {point}, {after=}"
                    played[kind] += 1

    print(f"{len(points)} points of {ENGINE}: {dict(played)}, {len(kept.kept)} votes, 0 lost")
    assert not kept.unsure
    assert await count_all() == (len(kept.kept), True)


async def test_wherever_the_process_is_killed_a_vote_counts_once(config: Config) -> None:
    async with opened(config) as box:
        poll = await add_poll(config)
        await box.papers.refresh()  # Makes the key.
    kept = Kept()
    with Doomed(config, poll, kept) as doomed:
        scene_of, points = doomed.look()
        assert "\n".join(point for point in points if point not in scene_of) == ""

        for point in points:
            scene, by_form = scene_of[point]
            for after in BEFORE_AND_AFTER:
                doomed.live_until(point, scene, by_form=by_form, after=after)
        doomed.live()

    kills = len(points) * len(BEFORE_AND_AFTER)
    print(f"{len(points)} points of {ENGINE}: {kills} kills, {len(kept.kept)} votes, 0 lost")
    assert not kept.unsure
    async with opened(config):
        assert await count_all() == (len(kept.kept), True)
