"""An editor publishes an article with a picture, in the browser."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from awards.actor import Role
from tests import make
from tests.flows import photos
from tests.flows.conftest import DESK, Enter, Site

pytestmark = pytest.mark.browser

TITLE = "东关街的第一盏灯"
TEXT = "凌晨四点，灯亮了。\n\n## 汤\n\n一锅热汤，<script>alert(1)</script>给扫街的人。"


async def test_an_article_with_a_picture(enter: Enter, site: Site, tmp_path: Path) -> None:
    await make.section("news")
    editor = await enter(viewport=DESK, actor=await make.person(Role.EDITOR, name="编辑丙"))
    page = await editor.open("/admin/articles")
    page = await editor.press("a[href='/admin/articles/new']")
    await page.select_option("[name=section]", "news")
    await page.fill("[name=title_zh]", TITLE)
    await page.fill("[name=body_zh]", TEXT)
    await page.fill("[name=source_zh]", "望河晚报")
    await page.set_input_files("[name=cover]", photos.located(tmp_path / "lamp.jpg"))
    await page.check("[name=is_lead]")
    page = await editor.press("form[action='/admin/articles'] button.button--main", status=422)
    await editor.look("41-article-mistake")
    # What the picture shows is missing; the picture itself need not be sent again.
    await expect(page.locator("#cover_alt_zh-error")).to_be_visible()
    assert await page.input_value("[name=body_zh]") == TEXT
    await page.fill("[name=cover_alt_zh]", "早点铺门口的灯")
    page = await editor.press("form[action='/admin/articles'] button.button--main")
    await editor.look("42-article-draft")
    address = page.url.replace("/admin", "")

    reader = await enter()
    await reader.open(address, status=404)
    await editor.press("form[action$='/publication'] button")
    page = await reader.open("/")
    await reader.look("43-home-with-article")
    page = await reader.press("main a.button[href^='/articles/']")
    assert page.url == address
    await reader.look("44-article")
    await expect(page.locator("h1")).to_have_text(TITLE)
    await expect(page.locator("main")).to_contain_text("望河晚报")
    await expect(page.locator("main")).to_contain_text("<script>alert(1)</script>")
    picture = page.locator("main img[alt='早点铺门口的灯']").first
    await expect(picture).to_be_visible()
    answer = await reader.context.request.get(
        site.address + str(await picture.get_attribute("src"))
    )
    assert (answer.status, photos.metadata(await answer.body())) == (200, {})
    page = await reader.open("/sections/news")
    await expect(page.locator("main")).to_contain_text(TITLE)
