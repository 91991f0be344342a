"""Several voting tokens in one cookie."""

import pytest

from awards.voting.rules import Channel, VotingToken
from awards.voting.tokens import VotingTokens, campaign_of
from awards.web.vote import BETWEEN, MOST_TOKENS, token_for, tokens_of, with_token

TOKENS = VotingTokens(["a-key-of-at-least-so-many-signs"])
FORGED = TOKENS.write(VotingToken(7, Channel.EMAIL, b"x" * 16))[:-4] + "AAAA"


def written(campaign: int, voter: bytes = b"v") -> str:
    return TOKENS.write(VotingToken(campaign, Channel.EMAIL, voter * 16))


def test_a_token_says_its_campaign() -> None:
    assert [campaign_of(written(each)) for each in (0, 7, 2**32 - 1)] == [0, 7, 2**32 - 1]


@pytest.mark.parametrize("text", ["", "x", "vt1.", "vt1.A", "vt1.AAA", "vt1.é" * 4, "vt2.AAAAAAAA"])
def test_what_is_no_token_says_no_campaign(text: str) -> None:
    assert campaign_of(text) is None


def test_the_token_of_the_campaign_is_found_wherever_it_stands() -> None:
    kept = [written(each) for each in (7, 8, 9)]

    for place, campaign in enumerate((7, 8, 9)):
        assert token_for(BETWEEN.join(kept), campaign) == kept[place]
    assert token_for(BETWEEN.join(kept), 10) == ""
    assert token_for(kept[0], 7) == kept[0]
    assert token_for(kept[0], 8) == ""


def test_a_forged_token_is_handed_on_to_be_told_so() -> None:
    assert token_for(BETWEEN.join([written(8), FORGED]), 7) == FORGED
    assert token_for("vt1.forged", 7) == "vt1.forged"
    assert token_for(BETWEEN.join(["junk", written(7)]), 7) == written(7)
    assert token_for("", 7) == ""


def test_nobody_reads_further_than_what_is_kept() -> None:
    text = BETWEEN.join([written(8)] * MOST_TOKENS + [written(7)])

    assert token_for(text, 7) == ""
    assert len(tokens_of(text, {7, 8})) == MOST_TOKENS


def test_the_newest_stands_first_and_one_for_each_campaign() -> None:
    before = BETWEEN.join([written(7), written(8)])

    kept = with_token(before, written(8, b"w"), beside={7, 8})

    assert kept == BETWEEN.join([written(8, b"w"), written(7)])
    assert with_token("", written(7), beside=()) == written(7)


def test_the_oldest_give_way() -> None:
    text = ""
    for campaign in range(1, 20):
        text = with_token(text, written(campaign), beside=range(20))

    kept = [campaign_of(each) for each in text.split(BETWEEN)]
    assert kept == list(range(19, 19 - MOST_TOKENS, -1))


def test_what_is_no_token_or_of_no_use_is_not_kept() -> None:
    before = BETWEEN.join([written(7), "junk", written(8), ""])

    assert with_token(before, written(9), beside={8}) == BETWEEN.join([written(9), written(8)])
    assert tokens_of(before, {7}) == [written(7)]
