"""Pictures that nothing shows go, and no other."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from obstore.store import MemoryStore

from awards import clock
from awards.db import in_transaction
from awards.honours.models import Profile, ProfilePhoto
from awards.media.actions import forget_picture, forget_unused, prepare_ready
from awards.media.models import Picture
from awards.media.rules import UNUSED_FOR
from awards.media.store import place
from awards.nominations.models import Candidate, CandidatePhoto, NominationPhoto
from awards.portal.models import ArticlePhoto
from awards.web.admin import pictures
from awards.web.site import photos
from tests import make

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def a_picture(store: MemoryStore, *, days: int = 9, public: bool = False) -> Picture:
    """A picture with its files, taken in so many days ago."""
    prepared = await prepare_ready(b"webp", 640, 427, store=store)
    then = clock.now() - timedelta(days=days)
    async with in_transaction():
        return await Picture.create(
            id=prepared.id, width=640, height=427, bytes=4, digest=prepared.digest,
            created_at=then, published_at=then if public else None,
        )  # fmt: skip


async def cover_of_a_campaign(picture: Picture) -> None:
    await make.campaign(cover=picture)


async def photo_of_a_nomination(picture: Picture) -> None:
    sent = await make.nomination(await make.campaign())
    await NominationPhoto.create(nomination=sent, picture=picture, position=1)


async def portrait_of_a_candidate(picture: Picture) -> None:
    await make.candidate(await make.campaign(), portrait=picture)


async def photo_of_a_candidate(picture: Picture) -> None:
    shown = await make.candidate(await make.campaign())
    await CandidatePhoto.create(candidate=shown, picture=picture, position=1)


async def a_profile(portrait: Picture | None = None) -> Profile:
    campaign = await make.campaign()
    winner: Candidate = await make.candidate(campaign)
    return await Profile.create(
        slug="winner", campaign=campaign, candidate=winner, portrait=portrait,
        conferred_on=clock.now().date(),
    )  # fmt: skip


async def portrait_of_a_winner(picture: Picture) -> None:
    await a_profile(picture)


async def photo_of_a_winner(picture: Picture) -> None:
    await ProfilePhoto.create(profile=await a_profile(), picture=picture, position=1)


async def cover_of_an_article(picture: Picture) -> None:
    await make.article(await make.section(), cover=picture)


async def photo_of_an_article(picture: Picture) -> None:
    article = await make.article(await make.section())
    await ArticlePhoto.create(article=article, picture=picture, position=1)


USES: dict[str, Callable[[Picture], Awaitable[None]]] = {
    "campaign_covers": cover_of_a_campaign,
    "nomination_photos": photo_of_a_nomination,
    "candidate_portraits": portrait_of_a_candidate,
    "candidate_photos": photo_of_a_candidate,
    "profile_portraits": portrait_of_a_winner,
    "profile_photos": photo_of_a_winner,
    "article_covers": cover_of_an_article,
    "article_photos": photo_of_an_article,
}


async def is_whole(picture: Picture, store: MemoryStore) -> bool:
    """Whether row and files are there; half of it fails."""
    has_row = await Picture.exists(id=picture.id)
    paths = {each["path"] for each in store.list().collect()}
    files = {place(picture.id, width) for width in (320, 640)}
    assert files <= paths if has_row else not files & paths
    return has_row


def test_every_use_of_a_picture_is_tried_here() -> None:
    referring = {*Picture._meta.backward_fk_fields, *Picture._meta.backward_o2o_fields}

    assert referring == set(USES)


@pytest.mark.parametrize("public", [True, False], ids=["public", "private"])
@pytest.mark.parametrize("use", USES)
async def test_a_picture_in_use_stays(use: str, public: bool, store: MemoryStore) -> None:
    used = await a_picture(store, days=4000, public=public)
    unused = await a_picture(store, public=public)
    async with in_transaction():
        await USES[use](used)

    assert await forget_unused(store=store) == 1
    assert not await forget_picture(used.id, store=store)

    assert await is_whole(used, store)
    assert not await is_whole(unused, store)


async def test_a_picture_of_a_form_that_may_still_come_stays(store: MemoryStore) -> None:
    fresh = await a_picture(store, days=7)

    assert await forget_unused(store=store) == 0

    assert await is_whole(fresh, store)


def test_a_form_names_its_pictures_for_less_long_than_they_stay() -> None:
    longest = max(photos.KEPT_FOR, pictures.KEPT_FOR)

    assert timedelta(seconds=longest) < UNUSED_FOR


async def test_a_picture_without_its_files_goes(store: MemoryStore) -> None:
    picture = await a_picture(store)
    await store.delete_async(place(picture.id, 320))

    assert await forget_unused(store=store) == 1
    assert await forget_unused(store=store) == 0

    assert not await is_whole(picture, store)


async def test_files_that_can_not_go_keep_their_row(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = await a_picture(store)

    async def fail(*_paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(MemoryStore, "delete_async", fail, raising=False)
    with pytest.raises(PermissionError):
        await forget_unused(store=store)

    assert await is_whole(picture, store)
