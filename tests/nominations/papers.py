"""A complete set of papers, to be changed by the test that is about one of them."""

from dataclasses import replace
from typing import Any

from awards.nominations.rules import Choices, Links, Papers

CHOICES = Choices(frozenset({"helping", "bravery"}), frozenset({"east", "south"}))
LINKS = Links("http://haoren.test/nominations/{code}", "http://haoren.test/consents/{token}")
PAPERS = Papers(
    category="helping",
    kind="person",
    name="石顺",
    gender="m",
    birth_month="1966-05",
    region="east",
    occupation="修车师傅",
    employer="实验小学门口",
    one_liner="学生的车一律不收钱。",
    summary="石师傅的修车摊在小学门口，二十六年了。" * 4,
    story="下雨天他还备着十几把伞。",
    past_honours="2019年好邻居\n2022年优秀志愿者",
    nominee_contact="shi@example.com",
    nominator_name="李念",
    nominator_contact="li@example.com",
    relation="neighbour",
    pledge=True,
)


def papers(**changes: Any) -> Papers:
    """Good papers, but for these changes."""
    return replace(PAPERS, **changes)
