"""From a published result to a winner's page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from time_machine import Traveller

from awards import clock
from awards.actor import Actor
from awards.audit.queries import list_records
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound
from awards.honours.actions import (
    add_honour,
    add_photo,
    create_profile,
    edit_profile,
    flush_profile_views,
    keep_upload,
    profile_views,
    publish_profile,
    remove_honour,
    remove_photo,
    unpublish_profile,
)
from awards.honours.models import Honour, Profile, ProfilePhoto
from awards.honours.queries import (
    count_profiles,
    find_profile,
    find_profile_page,
    list_honouring_campaigns,
    list_profiles,
    list_waiting,
    list_years,
)
from awards.honours.rules import HonourText, ProfileText
from awards.media.actions import Prepared
from awards.media.models import Picture
from awards.nominations.models import Candidate, CandidatePhoto, Consent
from awards.results.models import Result, ResultLine
from awards.words import Words
from tests import make

DAY = date(2026, 12, 20)
Freeze = Callable[[datetime], Traveller]


async def _decided(*, published: bool = True) -> list[Candidate]:
    """Three candidates of a campaign that is over: 101 and 201 won, 102 did not."""
    campaign = await make.campaign(stage=StageKind.HONOURS, slug=f"done-{uuid4().hex[:6]}")
    people = [
        await make.candidate(
            campaign,
            number,
            name=f"好人{number}",
            portrait=await make.picture(public=False),
            portrait_alt=Words("一个人", "A person"),
            past_honours=[{"year": 2021, "title": {"zh": "县好人", "en": ""}}],
        )
        for number in (101, 102, 201)
    ]
    async with in_transaction():
        result = await Result.create(
            campaign=campaign,
            ballots=9,
            counted_at=clock.now(),
            counted_by="organiser",
            published_at=clock.now() if published else None,
        )
        for number, votes, rank, won in ((101, 6, 1, True), (102, 3, 2, False), (201, 4, 1, True)):
            await ResultLine.create(result=result, number=number, votes=votes, rank=rank, won=won)
        await CandidatePhoto.create(
            candidate=people[0], picture=await Picture.get(id=people[0].portrait_id), position=0
        )
    return people


async def _page(by: Actor, candidate: Candidate, slug: str = "") -> Profile:
    return await create_profile(
        by=by,
        candidate=candidate.id,
        conferred_on=DAY,
        citation=Words("一口锅，\n十九年。", ""),
        slug=slug,
    )


def _text(profile: Profile) -> ProfileText:
    return ProfileText(
        name=profile.name,
        title=profile.title,
        line=profile.line,
        citation=profile.citation,
        story=profile.story,
        conferred_on=profile.conferred_on,
        portrait=profile.portrait_id,
        portrait_alt=profile.portrait_alt,
    )


def _prepared() -> Prepared:
    return Prepared(uuid4(), 480, 600, b"0" * 32, 10)


async def test_a_winner_gets_a_page_with_what_the_candidate_page_says(organiser: Actor) -> None:
    winner, _loser, _other = await _decided()

    profile = await _page(organiser, winner)

    page = await find_profile(profile.slug, by=organiser)
    assert (page.name.zh, page.title.zh, page.region.zh) == ("好人101", "望河好人", "东关区")
    assert page.portrait_id == winner.portrait_id
    assert [each.picture_id for each in page.photos] == [winner.portrait_id]
    assert sorted((each.conferred, each.is_top) for each in page.honours) == [
        ("2021", False),
        ("2026-12-20", True),
    ]
    assert page.published_at is None
    assert [each.action for each in await list_records()] == ["profile.created"]


async def test_who_did_not_win_gets_none(organiser: Actor) -> None:
    _winner, loser, _other = await _decided()

    with pytest.raises(Conflict, match=r"honour\.not_a_winner"):
        await _page(organiser, loser)

    assert await Profile.all().count() == 0


async def test_nobody_is_honoured_before_the_result_is_published(organiser: Actor) -> None:
    winner, *_others = await _decided(published=False)

    with pytest.raises(Conflict, match=r"honour\.result_missing"):
        await _page(organiser, winner)

    assert await list_waiting() == []


async def test_one_winner_has_one_page(organiser: Actor) -> None:
    winner, *_others = await _decided()
    await _page(organiser, winner)

    with pytest.raises(Conflict, match=r"honour\.exists"):
        await _page(organiser, winner, slug="another")

    assert await Profile.all().count() == 1


async def test_winners_wait_until_they_have_a_page(organiser: Actor) -> None:
    winner, _loser, other = await _decided()
    before = [each.candidate.number for each in await list_waiting()]

    await _page(organiser, winner)

    assert before == [101, 201]
    assert [each.candidate.number for each in await list_waiting()] == [other.number]


async def test_a_published_page_shows_its_pictures_and_stands_on_the_wall(
    organiser: Actor,
) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner, slug="lu")
    with pytest.raises(NotFound):
        await find_profile("lu")

    await publish_profile(by=organiser, slug="lu")

    assert winner.portrait_id is not None
    assert (await Picture.get(id=winner.portrait_id)).published_at is not None
    assert [each.slug for each in await list_profiles()] == ["lu"]
    assert (await count_profiles(year=2026), await count_profiles(year=2025)) == (1, 0)
    assert await list_years() == [2026]
    assert [each.id for each in await list_honouring_campaigns()] == [profile.campaign_id]


async def test_without_consent_nothing_is_published(organiser: Actor) -> None:
    winner, *_others = await _decided()
    papers = await make.nomination(await winner.campaign)
    async with in_transaction():
        await Candidate.filter(id=winner.id).update(nomination_id=papers.id)
        consent = await Consent.create(
            nomination=papers, digest=b"1" * 32, state="requested", requested_at=clock.now(),
            expires_at=clock.now(),
        )  # fmt: skip
    profile = await _page(organiser, winner)

    with pytest.raises(Conflict, match=r"honour\.no_consent"):
        await publish_profile(by=organiser, slug=profile.slug)
    async with in_transaction():
        await Consent.filter(id=consent.id).update(
            state="granted", how="link", recorded_by="nominee", decided_at=clock.now()
        )
    await publish_profile(by=organiser, slug=profile.slug)

    assert (await Profile.get(id=profile.id)).published_at is not None


async def test_an_unfinished_page_is_not_published(organiser: Actor) -> None:
    winner, *_others = await _decided()
    profile = await create_profile(by=organiser, candidate=winner.id, conferred_on=DAY)

    with pytest.raises(Invalid, match=r"profile\.citation_missing"):
        await publish_profile(by=organiser, slug=profile.slug)

    assert (await Profile.get(id=profile.id)).published_at is None


async def test_pages_stand_in_the_order_of_their_campaign(organiser: Actor) -> None:
    winner, _loser, other = await _decided()
    for candidate, slug in ((winner, "first"), (other, "second")):
        await _page(organiser, candidate, slug=slug)
        await publish_profile(by=organiser, slug=slug)

    first, second = await find_profile_page("first"), await find_profile_page("second")

    assert (first.previous, first.next and first.next.slug) == (None, "second")
    assert (second.previous and second.previous.slug, second.next) == ("first", None)
    assert [each.slug for each in first.same_campaign] == ["second"]


async def test_the_page_says_how_the_vote_went(organiser: Actor) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)

    winning = (await find_profile_page(profile.slug, by=organiser)).winning

    assert winning is not None
    assert (winning.votes, winning.rank, winning.category.zh) == (6, 1, "助人为乐")
    assert [(name.zh, votes, own) for name, votes, own in winning.others] == [
        ("好人101", 6, True),
        ("好人102", 3, False),
    ]


async def test_a_page_is_changed_and_taken_back(organiser: Actor) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)
    await publish_profile(by=organiser, slug=profile.slug)

    await edit_profile(
        by=organiser,
        slug=profile.slug,
        text=replace(_text(profile), acceptance=Words("应该的。", "")),
    )
    with pytest.raises(Invalid, match=r"profile\.story_missing"):
        await edit_profile(
            by=organiser, slug=profile.slug, text=replace(_text(profile), story=Words())
        )
    await unpublish_profile(by=organiser, slug=profile.slug)

    row = await Profile.get(id=profile.id)
    assert (row.acceptance.zh, row.story.zh) == ("应该的。", "凌晨四点，灯亮了。")
    assert row.published_at is None
    assert await list_profiles() == []


async def test_honours_and_pictures_are_added_and_removed(organiser: Actor) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)
    slug = profile.slug

    honour = await add_honour(
        by=organiser, slug=slug, text=HonourText(Words("季度好人", ""), Words(), "2023-10")
    )
    photo = await add_photo(
        by=organiser, slug=slug, prepared=_prepared(), alt=Words("灯", ""), caption=Words()
    )
    with pytest.raises(Invalid, match=r"honour\.when_invalid"):
        await add_honour(
            by=organiser, slug=slug, text=HonourText(Words("季度好人", ""), Words(), "去年")
        )
    with pytest.raises(Invalid, match=r"picture\.alt_missing"):
        await add_photo(by=organiser, slug=slug, prepared=_prepared(), alt=Words(), caption=Words())
    await remove_honour(by=organiser, slug=slug, honour=honour.id)
    await remove_photo(by=organiser, slug=slug, photo=photo.id)

    assert await Honour.filter(profile_id=profile.id).count() == 2
    assert await ProfilePhoto.filter(profile_id=profile.id).count() == 1


async def test_the_honour_of_this_award_stays(organiser: Actor) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)
    top = await Honour.get(profile_id=profile.id, is_top=True)

    with pytest.raises(NotFound):
        await remove_honour(by=organiser, slug=profile.slug, honour=top.id)

    assert await Honour.filter(id=top.id).exists()


async def test_whoever_has_no_part_in_the_campaign_changes_nothing(
    organiser: Actor, moderator: Actor
) -> None:
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)
    await publish_profile(by=organiser, slug=profile.slug)
    records = len(await list_records())

    for refused in (
        _page(moderator, winner),
        edit_profile(by=moderator, slug=profile.slug, text=_text(profile)),
        publish_profile(by=moderator, slug=profile.slug),
        unpublish_profile(by=moderator, slug=profile.slug),
        keep_upload(by=moderator, prepared=_prepared()),
        add_honour(
            by=moderator, slug=profile.slug, text=HonourText(Words("一", ""), Words(), "2023")
        ),
        add_photo(
            by=moderator,
            slug=profile.slug,
            prepared=_prepared(),
            alt=Words("一", ""),
            caption=Words(),
        ),
        remove_honour(by=moderator, slug=profile.slug, honour=uuid4()),
        remove_photo(by=moderator, slug=profile.slug, photo=uuid4()),
    ):
        with pytest.raises(Forbidden):
            await refused

    assert len(await list_records()) == records


async def test_reads_of_a_page_are_written_by_a_flush(organiser: Actor) -> None:
    profile_views.take()
    winner, *_others = await _decided()
    profile = await _page(organiser, winner)
    profile_views.seen(profile.id)
    profile_views.seen(profile.id)

    await flush_profile_views()
    await flush_profile_views()

    assert (await Profile.get(id=profile.id)).views == 2
