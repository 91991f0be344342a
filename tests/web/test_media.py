"""Pictures as browsers get them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards.db import in_transaction
from awards.media.actions import keep_picture, prepare_picture, publish_picture
from awards.media.store import open_store, place
from awards.signing import serializer
from awards.web.render import picture_key
from tests.media.pictures import phone_photo

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]


async def picture(app: Starlette, *, public: bool) -> UUID:
    prepared = await prepare_picture(
        phone_photo(size=(900, 600)), store=open_store(app.state.config.storage)
    )
    async with in_transaction():
        await keep_picture(prepared)
        if public:
            await publish_picture(prepared.id)
    return prepared.id


async def test_a_public_picture_is_shown_in_each_of_its_sizes(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    id = await picture(app, public=True)

    answers = {
        width: await client.get(f"/media/{id}/{width}.webp") for width in (320, 640, 900, 1280, 1)
    }

    assert {width: each.status_code for width, each in answers.items()} == {
        320: 200, 640: 200, 900: 200, 1280: 404, 1: 404,
    }  # fmt: skip
    assert answers[320].content[:4] == b"RIFF"
    assert answers[320].headers["content-type"] == "image/webp"
    assert answers[320].headers["cache-control"] == "public, max-age=86400"
    assert answers[320].headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answers[320].headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answers[320].headers


async def test_a_private_picture_needs_its_key(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    id, other = await picture(app, public=False), await picture(app, public=False)
    key, others = (picture_key(app.state.config, each) for each in (id, other))
    address = f"/media/{id}/640.webp"

    shown = await client.get(address, params={"key": key})
    refused = [
        await client.get(address, params={"key": each}) for each in ("", "x", others, key[:-1])
    ]
    clock.move_to(NOON + timedelta(hours=1, seconds=1))
    late = await client.get(address, params={"key": key})

    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "private, no-store"
    assert [each.status_code for each in (*refused, late)] == [404] * 5
    assert all(b"RIFF" not in each.content for each in (*refused, late))


async def test_a_key_of_another_kind_opens_nothing(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    id = await picture(app, public=False)
    key = str(serializer(app.state.config.signing_keys, "said").dumps(id.hex))

    assert (await client.get(f"/media/{id}/640.webp", params={"key": key})).status_code == 404


async def test_a_private_picture_and_none_look_the_same(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    private = await client.get(f"/media/{await picture(app, public=False)}/640.webp")
    none = await client.get(f"/media/{uuid4()}/640.webp")

    assert (private.status_code, private.text) == (none.status_code, none.text)
    assert private.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/media/x/640.webp",
        "/media/../../etc/passwd",
        "/media/%2e%2e/640.webp",
        "/media/00000000-0000-4000-8000-000000000000/-1.webp",
        "/media/00000000-0000-4000-8000-000000000000/99999999999999999999.webp",
        "/media/00000000-0000-4000-8000-000000000000/640.png",
        "/media/",
    ],
)
async def test_nothing_else_lies_there(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).status_code == 404


async def test_a_picture_whose_file_is_lost_is_not_found(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    id = await picture(app, public=True)
    open_store(app.state.config.storage).delete(place(id, 640))

    assert (await client.get(f"/media/{id}/640.webp")).status_code == 404
    assert (await client.get(f"/media/{id}/320.webp")).status_code == 200
