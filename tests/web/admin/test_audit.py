"""The record, as auditors read it."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards.actor import Actor, Role, system
from awards.audit import queries
from awards.audit.actions import check_record, record
from awards.audit.rules import Deed, chained
from awards.db import dialect, in_transaction
from tests import make

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def auditor(database: None) -> Actor:
    return await make.person(Role.AUDITOR)


async def deeds(count: int, by: Actor | None = None) -> None:
    async with in_transaction():
        for n in range(count):
            await record(by=by or system("operator"), action="test.done", subject="test:1", n=n)


async def test_deeds_are_shown_with_names_and_details(auditor: Actor, signed_in: SignedIn) -> None:
    someone = await make.person(Role.EDITOR, name="<b>顾小雨</b>")
    await deeds(1, by=someone)
    await deeds(1)

    shown = (await (await signed_in(auditor)).get("/admin/audit")).text

    assert "&lt;b&gt;顾小雨&lt;/b&gt;" in shown and "运维人员（命令行）" in shown
    # What has no words any more is shown as it was recorded.
    assert "test.done" in shown and "n：0" in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Gave a role", "Member of staff", "role: Code officer", "story may be shown: yes"]),
        ("zh-Hans", ["授予角色", "工作人员", "角色：投票码管理员", "可展示事迹：是"]),
    ],
)
async def test_deeds_are_told_in_words(
    auditor: Actor, signed_in: SignedIn, language: str, words: list[str]
) -> None:
    async with in_transaction():
        await record(
            by=auditor, action="role.granted", subject=f"person:{auditor.person}",
            role=Role.CODE_OFFICER, campaign=0, show_story=True, rule="",
        )  # fmt: skip
    client = await signed_in(auditor)
    client.cookies.set("language", language, domain="haoren.test")

    shown = (await client.get("/admin/audit")).text

    assert [each for each in words if each not in shown] == []
    assert f"{auditor.person}" not in shown and auditor.name in shown
    assert "role.granted" not in shown and "code_officer" not in shown


async def test_looking_at_the_record_does_not_walk_all_of_it(
    auditor: Actor, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await deeds(120)
    client, digests = await signed_in(auditor), []

    def counted(previous: bytes, deed: Deed) -> bytes:
        digests.append(deed.number)
        return chained(previous, deed)

    monkeypatch.setattr(queries, "chained", counted)
    await client.get("/admin/audit?page=2")

    assert digests == list(range(21, 71))


async def test_a_long_record_has_pages(auditor: Actor, signed_in: SignedIn) -> None:
    await deeds(51)
    client = await signed_in(auditor)

    pages = [await client.get(f"/admin/audit?page={n}") for n in (1, 2, 3)]

    assert [each.status_code for each in pages] == [200, 200, 404]
    assert [each.text.count("test.done") for each in pages[:2]] == [50, 1]


async def test_a_broken_chain_is_said(auditor: Actor, signed_in: SignedIn) -> None:
    await deeds(3)
    client = await signed_in(auditor)
    client.cookies.set("language", "en", domain="haoren.test")
    unchecked = (await client.get("/admin/audit")).text
    await check_record()
    before = (await client.get("/admin/audit")).text
    trigger = {"sqlite": "audit_is_not_edited", "postgres": "audit_is_append_only ON audit_record"}
    async with in_transaction() as connection:
        await connection.execute_query(f"DROP TRIGGER {trigger[dialect()]}")
        await connection.execute_query("UPDATE audit_record SET actor = 'x' WHERE number = 2")

    after = (await client.get("/admin/audit")).text

    assert "The lines of this page fit together" in unchecked
    assert "All 3 lines fit together" in before
    assert "The chain is broken at line 2" in after
