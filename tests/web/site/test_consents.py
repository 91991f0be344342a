"""The nominee's page: a GET decides nothing, a “yes” says what is shown, a “no” always counts."""

from datetime import timedelta

import httpx
import pytest

from awards import clock
from awards.actor import Actor
from awards.config import Config
from awards.db import in_transaction
from awards.media.store import open_store
from awards.nominations.actions import keep_photo, withdraw_nomination
from awards.nominations.models import Consent, Nomination
from awards.nominations.queries import find_nomination
from tests import make
from tests.digest import digest
from tests.nominations.pictures import jpeg
from tests.nominations.steps import approve, open_campaign, send, token_for
from tests.web.site.citizen import Citizen, plain


@pytest.fixture
async def nominee(client: httpx.AsyncClient, config: Config) -> Citizen:
    """Somebody who has opened the link of the letter."""
    campaign = await open_campaign(slug="lamp", enquiry_phone="0400-000-1234")
    photos = [(await keep_photo(jpeg(), store=open_store(config.storage))).id for _n in range(2)]
    await send(campaign, photos=photos)
    citizen = Citizen(client, f"/consents/{await token_for('shi@example.com')}")
    await citizen.open(citizen.path)
    return citizen


async def the_nomination() -> Nomination:
    return await find_nomination((await Nomination.get()).code)


async def test_looking_decides_nothing(nominee: Citizen) -> None:
    before = await digest()

    for path in ("", "/agreement", "/refusal"):
        await nominee.client.get(nominee.path + path)
        await nominee.client.head(nominee.path + path)

    assert await digest() == before
    assert (await Consent.get()).state == "requested"


async def test_the_page_says_what_it_is_about_and_not_who_nominated(nominee: Citizen) -> None:
    text = plain(nominee.page)

    assert "参不参加，由您决定，不参加也不用说理由。" in text
    assert "石师傅的修车摊" in text
    assert "0400-000-1234" in text
    assert "李念" not in text and "li@example.com" not in text
    assert nominee.page.count("<img") == 2


async def test_the_page_is_kept_by_nobody(nominee: Citizen) -> None:
    answer = await nominee.client.get(nominee.path)

    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


async def test_a_yes_is_recorded_with_what_is_shown(nominee: Citizen) -> None:
    answer = await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y"})

    assert answer.headers["location"] == nominee.path
    text = plain(await nominee.follow(answer))
    assert "谢谢您，答复已经记录。" in text
    assert "您已同意参加" in text
    consent = await Consent.get()
    assert (consent.state, consent.how, consent.show_photo, consent.show_story) == (
        "granted", "link", True, False,
    )  # fmt: skip
    assert "下雨天" not in text


async def test_once_public_the_page_leads_to_it(nominee: Citizen, moderator: Actor) -> None:
    await approve(moderator, await the_nomination())

    answer = await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y", "show_story": "y"})

    assert 'href="/campaigns/lamp/candidates/101"' in await nominee.follow(answer)
    assert (await nominee.client.get("/campaigns/lamp/candidates/101")).status_code == 200


async def test_a_yes_can_be_taken_back(nominee: Citizen, moderator: Actor) -> None:
    await approve(moderator, await the_nomination())
    await nominee.follow(await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y"}))

    answer = await nominee.send(f"{nominee.path}/refusal")

    text = plain(await nominee.follow(answer))
    assert "好的，不参加。您的资料30天内删除，不会公开。" in text
    assert "石师傅的修车摊" not in text
    assert (await nominee.client.get("/campaigns/lamp/candidates/101")).status_code == 404
    assert "agreement" not in nominee.page


async def test_a_no_closes_it_and_the_nominator_reads_it(nominee: Citizen) -> None:
    await nominee.send(f"{nominee.path}/refusal")

    sent = await the_nomination()
    assert sent.state == "withdrawn"
    assert "本人不参加" in await nominee.open(f"/nominations/{sent.code}")
    refused = await nominee.open(nominee.path)
    assert "您不参加评选" in refused


async def test_a_yes_after_a_no_is_told_to_call(nominee: Citizen) -> None:
    page = nominee.page
    await nominee.send(f"{nominee.path}/refusal")
    nominee.page = page

    await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y"}, status=409)

    assert "您答复过不参加" in plain(nominee.page)


async def test_a_double_click_is_one_answer(nominee: Citizen) -> None:
    await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y"})
    before = await digest()

    await nominee.send(f"{nominee.path}/agreement", {"show_photo": "y"})

    assert await digest() == before


async def test_an_old_letter_says_whom_to_call(nominee: Citizen) -> None:
    async with in_transaction():
        await Consent.all().update(expires_at=clock.now() - timedelta(days=1))

    page = await nominee.open(nominee.path)

    assert "这封信已过答复期限" in plain(page)
    assert "agreement" not in page and "refusal" in page


async def test_a_withdrawn_nomination_asks_nothing(nominee: Citizen) -> None:
    await withdraw_nomination(code=(await the_nomination()).code)

    page = await nominee.open(nominee.path)

    assert "不需要再答复了" in plain(page)
    assert "agreement" not in page and "refusal" not in page
    assert "石师傅的修车摊" not in page


@pytest.mark.parametrize("path", ["", "/agreement", "/refusal"])
async def test_an_unknown_letter_is_not_found(nominee: Citizen, path: str) -> None:
    before = await digest()

    if path:
        await nominee.send(f"/consents/nothing{path}", status=404)
    else:
        await nominee.open("/consents/nothing", status=404)

    assert await digest() == before


async def test_in_english_it_is_english(nominee: Citizen) -> None:
    nominee.client.cookies.set("language", "en", domain="haoren.test")

    text = plain(await nominee.open(nominee.path))

    assert "Whether you take part is your choice, and you need give no reason." in text
    assert "Yes, I take part" in text


async def test_a_nominee_without_photos_has_no_pictures(client: httpx.AsyncClient) -> None:
    await send(await open_campaign(slug="lamp"), nominee_contact="a@example.com")
    await make.picture()
    citizen = Citizen(client)

    page = await citizen.open(f"/consents/{await token_for('a@example.com')}")

    assert "upload__picture" not in page
