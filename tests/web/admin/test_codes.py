"""The code officer's page: codes are made, shown once, and taken back by the batch."""

import re
from base64 import b64decode
from collections.abc import Awaitable, Callable
from urllib.parse import unquote
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette

from awards.actor import Actor, Role
from awards.audit.models import AuditRecord
from awards.errors import Refused
from awards.voting.actions import exchange_code
from awards.voting.models import CodeBatch
from awards.web.admin import codes
from tests import make
from tests.digest import digest
from tests.web.conftest import send

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
CODE = re.compile(r'<p class="slip__code" translate="no">([0-9A-Z-]{17})</p>')


@pytest.fixture
async def officer(database: None) -> Actor:
    return await make.person(Role.CODE_OFFICER)


async def made(
    client: httpx.AsyncClient, slug: str, count: int = 3, label: str = "图书馆"
) -> list[str]:
    answer = await send(client, "/admin/codes", campaign=slug, count=str(count), label=label)
    assert answer.status_code == 200
    return CODE.findall(answer.text)


async def test_codes_are_shown_once_and_vote(
    app: Starlette, officer: Actor, signed_in: SignedIn
) -> None:
    client, campaign = await signed_in(officer), await make.campaign()

    answer = await send(client, "/admin/codes", campaign=campaign.slug, count="3", label="图书馆")
    after = await client.get("/admin/codes")

    codes = CODE.findall(answer.text)
    file = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)"', answer.text)
    assert len(set(codes)) == 3
    assert file and unquote(file[1]).splitlines() == codes
    assert answer.headers["cache-control"] == "private, no-store"
    assert f"haoren.test/campaigns/{campaign.slug}/tokens/new" in answer.text
    assert not any(code in after.text for code in codes)
    await app.state.ballot_box.papers.find(campaign.slug)
    issued = await exchange_code(app.state.ballot_box, campaign=campaign.id, code=codes[0])
    assert issued.text.startswith("vt1.")


async def test_a_batch_is_listed_with_its_purpose_and_maker(
    officer: Actor, signed_in: SignedIn
) -> None:
    client, campaign = await signed_in(officer), await make.campaign()
    await made(client, campaign.slug, 7, "<b>南渡县</b>")

    shown = await client.get(f"/admin/codes?campaign={campaign.slug}")

    assert "&lt;b&gt;南渡县&lt;/b&gt;" in shown.text and officer.name in shown.text
    assert '<td data-kind="number">7</td>' in shown.text
    record = await AuditRecord.get(action="codes.issued")
    assert (record.actor, record.details) == (str(officer.person), {"count": 7})


async def test_a_batch_that_is_taken_back_votes_no_more(
    app: Starlette, officer: Actor, signed_in: SignedIn
) -> None:
    client, campaign = await signed_in(officer), await make.campaign()
    codes, batch = await made(client, campaign.slug), await CodeBatch.get()
    address = f"/admin/codes/{batch.id}/revocation"

    answer = await send(client, address, page="/admin/codes", campaign=campaign.slug)
    shown = await client.get("/admin/codes")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/admin/codes?campaign={campaign.slug}"
    assert address not in shown.text
    await app.state.ballot_box.papers.find(campaign.slug)
    with pytest.raises(Refused) as refused:
        await exchange_code(app.state.ballot_box, campaign=campaign.id, code=codes[0])
    assert refused.value.code == "token.revoked"

    again = await send(client, address, page="/admin/codes", campaign=campaign.slug)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("count", "label"),
    [("", "x"), ("0", "x"), ("-1", "x"), ("1001", "x"), ("many", "x"), ("3", "x" * 81)],
)
async def test_what_does_not_fit_makes_no_codes(
    officer: Actor, signed_in: SignedIn, count: str, label: str
) -> None:
    client, campaign = await signed_in(officer), await make.campaign()
    before = await digest()

    answer = await send(client, "/admin/codes", campaign=campaign.slug, count=count, label=label)

    assert answer.status_code == 422
    assert f'value="{label}"' in answer.text
    assert await digest() == before


async def test_an_officer_of_one_campaign_makes_codes_there_alone(
    database: None, signed_in: SignedIn
) -> None:
    own, other = await make.campaign(), await make.campaign()
    client = await signed_in(await make.person(Role.CODE_OFFICER, campaign=own.id))
    before = await digest()

    shown = await client.get("/admin/codes")
    refused = await send(client, "/admin/codes", campaign=other.slug, count="3")
    hidden = await client.get(f"/admin/codes?campaign={other.slug}")

    assert f'value="{own.slug}"' in shown.text and other.slug not in shown.text
    assert (refused.status_code, hidden.status_code) == (422, 404)
    assert await digest() == before
    assert len(await made(client, own.slug)) == 3


async def test_an_officer_of_one_campaign_takes_no_batch_of_another_back(
    officer: Actor, database: None, signed_in: SignedIn
) -> None:
    own, other = await make.campaign(), await make.campaign()
    await made(await signed_in(officer), other.slug)
    batch = await CodeBatch.get()
    client = await signed_in(await make.person(Role.CODE_OFFICER, campaign=own.id))

    answers = [
        await send(client, f"/admin/codes/{id}/revocation", page="/admin/codes", campaign=own.slug)
        for id in (batch.id, uuid4())
    ]

    assert [each.status_code for each in answers] == [403, 404]
    assert (await CodeBatch.get()).revoked_at is None


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANISER, Role.MODERATOR])
async def test_who_runs_the_voting_makes_no_codes(
    database: None, signed_in: SignedIn, role: Role
) -> None:
    client = await signed_in(await make.person(role))

    assert (await client.get("/admin/codes")).status_code == 403
    assert "/admin/codes" not in (await client.get("/account")).text


async def test_without_a_campaign_there_is_nothing_to_fill_in(
    officer: Actor, signed_in: SignedIn
) -> None:
    client = await signed_in(officer)

    shown = await client.get("/admin/codes")

    assert shown.status_code == 200
    assert 'action="/admin/codes"' not in shown.text


async def test_the_largest_batch_of_the_page_fits(officer: Actor, signed_in: SignedIn) -> None:
    client, campaign = await signed_in(officer), await make.campaign()

    assert len(set(await made(client, campaign.slug, 1000))) == 1000


async def test_the_same_page_loaded_again_makes_no_other_codes(
    officer: Actor, signed_in: SignedIn
) -> None:
    client, campaign = await signed_in(officer), await make.campaign()
    batch = str(uuid4())
    first = await send(client, "/admin/codes", campaign=campaign.slug, count="2", batch=batch)
    before = await digest()

    again = await send(client, "/admin/codes", campaign=campaign.slug, count="2", batch=batch)

    assert len(CODE.findall(first.text)) == 2
    assert again.status_code == 409 and CODE.findall(again.text) == []
    assert f'value="{batch}"' not in again.text
    assert await digest() == before


async def test_where_codes_are_not_taken_none_are_made(officer: Actor, signed_in: SignedIn) -> None:
    client, campaign = await signed_in(officer), await make.campaign(channels="email")

    answer = await send(client, "/admin/codes", campaign=campaign.slug, count="2")

    assert answer.status_code == 403 and "没有开通这种投票方式" in answer.text
    assert await CodeBatch.all().count() == 0


@pytest.mark.parametrize("has_pdf", [True, False])
async def test_slips_are_saved_as_a_pdf_or_printed(
    officer: Actor, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, has_pdf: bool
) -> None:
    monkeypatch.setattr(codes, "can_draw_sheets", lambda: has_pdf)
    monkeypatch.setattr(codes, "draw_sheets", lambda _sheets: b"%PDF-1.7")
    client, campaign = await signed_in(officer), await make.campaign()

    answer = await send(client, "/admin/codes", campaign=campaign.slug, count="2")

    file = re.search(r'href="data:application/pdf;base64,([^"]+)"', answer.text)
    assert (b64decode(file[1]) if file else b"") == (b"%PDF-1.7" if has_pdf else b"")
    assert ("backgrounds off" in answer.text or "不打印背景" in answer.text) == (not has_pdf)
    assert answer.text.count("<svg viewBox") >= 2
