"""How a citizen nominates a neighbour, whether with JavaScript or without."""

from pathlib import Path

from playwright.async_api import Page

CHOSEN = ("category", "kind", "relation")
SEND = "form[action$='/nominations'] button.button--main"
RESEND = "form[action$='/revision'] button.button--main"

NEIGHBOUR = {
    "category": "helping",
    "kind": "person",
    "name": "石顺",
    "birth_month": "1961-04",
    "region": "dongguan",
    "occupation": "在小学门口修自行车",
    "nominee_contact": "shishun@example.com",
    "one_liner": "学生的车一律不收钱，修了二十六年。",
    "summary": "石师傅的修车摊在东关小学门口，每天早上六点半支起来。学生的车坏了推过来，"
    "他放下手里的活先修，一分钱不收。下雨天他在摊子上挂一盏灯，等最后一个孩子走了才收。",
    "story": "有一年冬天大雪，他在校门口站到晚上七点，给七个孩子换了车胎。"
    "家长要给钱，他摆摆手说，车是孩子的腿。",
    "relation": "neighbour",
    "nominator_name": "李念",
    "nominator_contact": "linian@example.com",
}
"""A nomination as a neighbour writes it."""

IN_ENGLISH = NEIGHBOUR | {
    "region": "east",
    "name": "𬴊石顺·Shi Shun",
    "occupation": "Mends bicycles at the school gate",
    "one_liner": "Takes no money from pupils, and has not for twenty-six years.",
    "summary": "His stand opens at half past six, in front of the school. A pupil's bicycle comes "
    "first and costs nothing. <script>alert('summary')</script>",
    "story": "One snowy winter he changed the tyres of seven children, until seven in the evening.",
    "nominator_name": "Li Nian",
}
"""The same in English, with a rare character, and with something that must stay words."""


async def write(page: Page, words: dict[str, str]) -> None:
    """Fill the form in, field by field."""
    for name, value in words.items():
        if name in CHOSEN:
            await page.check(f"[name={name}][value='{value}']")
        elif name == "region":
            await page.select_option("[name=region]", value)
        else:
            await page.fill(f"[name={name}]", value)


async def typed(page: Page, names: list[str]) -> dict[str, str]:
    """What stands in these fields now."""
    return {
        name: await page.locator(f"[name={name}]:checked").input_value()
        if name in CHOSEN
        else await page.input_value(f"[name={name}]")
        for name in names
    }


async def add_photos(page: Page, *paths: Path) -> None:
    """Choose photos in the album."""
    await page.set_input_files("[name=photos]", [str(path) for path in paths])
