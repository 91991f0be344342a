"""Voting on the pages without JavaScript: every step, every refusal with what was chosen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from time_machine import Traveller

from awards import clock
from awards.actor import Role, system
from awards.campaigns.actions import pause_voting
from awards.campaigns.models import Stage
from awards.campaigns.queries import find_campaign
from awards.config import Config
from awards.db import in_transaction
from awards.nominations.models import Candidate
from awards.notifications.queries import list_letters
from awards.voting.actions import issue_codes, revoke_batch
from awards.voting.queries import read_tally
from awards.voting.rules import new_code
from tests import make
from tests.digest import digest
from tests.web.site.voter import Voter, sent_code, sent_link, text_of

OFFICER = system("officer", [Role.CODE_OFFICER])
ORGANISER = system("organiser", [Role.ORGANISER])


@pytest.fixture
async def tap(client: httpx.AsyncClient) -> Voter:
    """A campaign with ten votes a day, and a browser."""
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(preset="daily_tap", slug="tap")
    for number in (101, 102, 201):
        await make.candidate(campaign, number)
    return Voter(client, campaign.slug)


@pytest.fixture
async def paper(client: httpx.AsyncClient) -> Voter:
    """A campaign with one ballot: at most 2 in a category, 10 in all; and a browser."""
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(preset="class_cap", slug="paper")
    for number in (101, 102, 103, 201):
        await make.candidate(campaign, number)
    return Voter(client, campaign.slug)


async def _votes(slug: str) -> dict[int, int]:
    campaign = await find_campaign(slug)
    return dict((await read_tally(campaign.id)).votes)


def _query(response: httpx.Response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(response.headers["location"]).query)


def _path(response: httpx.Response) -> str:
    return urlsplit(response.headers["location"]).path


# --- proof ----------------------------------------------------------------------------------------


async def test_the_ballot_asks_for_proof_and_keeps_the_choice(tap: Voter) -> None:
    shown = await tap.get("/ballot", candidate=101)

    assert shown.status_code == 200
    assert "Candidate 101" in text_of(shown)
    assert '<input type="hidden" name="choice" value="101">' in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["vary"].startswith("Cookie")


async def test_a_code_leads_to_the_ballot_with_the_choice(tap: Voter) -> None:
    asked = await tap.post("/verifications", email="Lu@Example.com", choice=101)
    entered = await tap.post("/tokens", kind="email", code=await sent_code(), choice=101)
    shown = await tap.client.get(entered.headers["location"])

    assert (asked.status_code, _path(asked), _query(asked)) == (
        303, "/campaigns/tap/verifications", {"choice": ["101"]},
    )  # fmt: skip
    assert (entered.status_code, _path(entered), _query(entered)) == (
        303, "/campaigns/tap/ballot", {"choice": ["101"]},
    )  # fmt: skip
    assert "l•••@example.com" in text_of(shown)
    assert "You have 10 votes left today" in text_of(shown)


async def test_the_page_of_the_code_shows_the_address_masked(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com", choice=101)
    shown = await tap.get("/verifications", choice=101)

    assert "l•••@example.com" in text_of(shown)
    assert "lu@example.com" not in shown.text


async def test_the_page_of_the_code_without_an_address_leads_back(tap: Voter) -> None:
    shown = await tap.get("/verifications", choice=101)

    assert shown.status_code == 200
    assert "Have a code sent again" in text_of(shown)
    assert 'href="/campaigns/tap/ballot?choice=101"' in shown.text


async def test_the_link_of_the_letter_is_spent_by_its_button_alone(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com", choice=[101])
    link = await sent_link()
    before = await digest()
    opened = [await tap.client.get(link) for _time in range(2)]
    after = await digest()
    secret = urlsplit(link).path.rsplit("/", 1)[1]
    pressed = await tap.post("/tokens", kind="link", secret=secret, choice=101)

    assert [each.status_code for each in opened] == [200, 200]
    assert "Candidate 101" in text_of(opened[0])
    assert before == after
    assert (pressed.status_code, _query(pressed)) == (303, {"choice": ["101"]})


async def test_the_letter_never_says_what_was_chosen(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com", choice=[101])
    letter = (await list_letters())[0]
    tap.client.cookies.delete("proving")
    elsewhere = await tap.client.get(await sent_link())

    assert "choice" not in letter.text + letter.html
    assert elsewhere.status_code == 200
    assert "Candidate 101" not in elsewhere.text


async def test_a_used_link_asks_for_proof_again(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com")
    secret = urlsplit(await sent_link()).path.rsplit("/", 1)[1]
    await tap.post("/tokens", kind="link", secret=secret)
    again = await tap.post("/tokens", kind="link", secret=secret, choice=102)

    assert again.status_code == 401
    assert "This code can’t be used any more" in text_of(again)
    assert "Candidate 102" in text_of(again)


async def test_a_wrong_code_keeps_what_was_typed_and_chosen(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com")
    wrong = "000000" if await sent_code() != "000000" else "111111"
    refused = await tap.post("/tokens", kind="email", code=wrong, choice=101)

    assert refused.status_code == 401
    assert "This is not the code that we sent" in text_of(refused)
    assert f'value="{wrong}"' in refused.text
    assert '<input type="hidden" name="choice" value="101">' in refused.text


async def test_a_code_runs_out(tap: Voter, frozen_at: Callable[[datetime], Traveller]) -> None:
    hour = frozen_at(clock.now())
    await tap.post("/verifications", email="lu@example.com")
    hour.shift(timedelta(minutes=11))
    refused = await tap.post("/tokens", kind="email", code=await sent_code(), choice=101)

    assert refused.status_code == 401
    assert "This code can’t be used any more" in text_of(refused)


async def test_no_code_at_all_is_said_at_the_field(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com")
    refused = await tap.post("/tokens", kind="email", code="", choice=101)

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text


@pytest.mark.parametrize("address", ["", "not-an-address", "a@b@c"])
async def test_what_is_no_address_is_said_and_kept(tap: Voter, address: str) -> None:
    refused = await tap.post("/verifications", email=address, choice=101)

    assert refused.status_code == 422
    assert f'value="{address}"' in refused.text
    assert "Candidate 101" in text_of(refused)


async def test_too_many_letters_to_one_address_are_refused(tap: Voter) -> None:
    await tap.post("/verifications", email="lu@example.com")
    refused = await tap.post("/verifications", email="lu@example.com", choice=101)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert 'value="lu@example.com"' in refused.text
    assert "Candidate 101" in text_of(refused)


async def test_known_and_unknown_addresses_get_the_same_answer(tap: Voter) -> None:
    await tap.prove("lu@example.com")
    tap.client.cookies.delete("vote")
    known = await tap.post("/verifications", email="another@example.com")
    unknown = await tap.post("/verifications", email="nobody@example.com")

    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )


async def test_not_you_drops_the_proof(tap: Voter) -> None:
    await tap.prove()
    dropped = await tap.post("/tokens/end?choice=101")
    shown = await tap.client.get(dropped.headers["location"])

    assert (dropped.status_code, _query(dropped)) == (303, {"choice": ["101"]})
    assert "Before you vote" in text_of(shown)
    assert "vote" not in tap.client.cookies


async def test_not_you_drops_the_proof_of_this_campaign_alone(tap: Voter) -> None:
    await make.candidate(await make.campaign(preset="daily_tap", slug="other"), 101)
    there = Voter(tap.client, "other")
    await tap.prove()
    await there.prove("bai@example.com")
    receipt = (await there.vote(101)).headers["location"]
    await tap.post("/tokens/end")

    assert "Before you vote" in text_of(await tap.get("/ballot"))
    assert (await there.get("/me")).json()["voted"] == [101]
    assert "receipt" in tap.client.cookies
    assert (await there.vote(101)).headers["location"] == receipt
    await there.post("/tokens/end")
    assert not {"vote", "voting_as", "receipt"} & set(tap.client.cookies)


async def test_a_browser_forgets_where_voting_is_over(
    tap: Voter, frozen_at: Callable[[datetime], Traveller]
) -> None:
    campaign = await find_campaign("tap")
    await tap.prove()
    voting = await Stage.get(campaign=campaign, kind="voting")
    frozen_at(voting.ends_at + timedelta(minutes=1))
    opened = await make.campaign(preset="daily_tap", slug="later")
    await make.candidate(opened, 101)
    await Voter(tap.client, "later").prove("bai@example.com")

    assert "~" not in tap.client.cookies["vote"]


async def test_a_printed_code_is_a_proof_too(tap: Voter, config: Config) -> None:
    campaign = await find_campaign("tap")
    await tap.get("/ballot")
    issued = await issue_codes(
        by=OFFICER, campaign=campaign, count=1, keys_folder=config.keys_folder
    )
    entered = await tap.post("/tokens", kind="printed", code=issued.codes[0].lower(), choice=101)
    shown = await tap.client.get(entered.headers["location"])

    assert entered.status_code == 303
    assert "a printed code" in text_of(shown)


@pytest.mark.parametrize(
    ("channels", "email", "code", "said"),
    [
        ("email", True, False, "send a code to it"),
        ("code", False, True, "slip of paper"),
        ("email paper", True, False, "two people type each ballot"),
        ("kiosk", False, False, "one does not vote on one’s own device"),
    ],
)
async def test_only_the_open_ways_are_offered_and_taken(
    client: httpx.AsyncClient, channels: str, email: bool, code: bool, said: str
) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    await make.candidate(await make.campaign(slug="ways", channels=channels), 101)
    voter = Voter(client, "ways")

    shown = await voter.get("/ballot", candidate=101)
    asked = await voter.post("/verifications", email="lu@example.com")
    typed = await voter.post("/tokens", kind="printed", code=new_code())

    assert ('name="email"' in shown.text, 'name="code"' in shown.text) == (email, code)
    assert said in text_of(shown)
    assert asked.status_code == (303 if email else 403)
    assert typed.status_code == (401 if code else 403)
    assert len(await list_letters()) == int(email)


async def test_the_square_on_a_slip_leads_to_a_page_that_spends_nothing(
    tap: Voter, config: Config
) -> None:
    before = await digest()

    shown = await tap.get("/tokens/new", choice=101)

    assert "Vote with a printed code" in text_of(shown) and "Candidate 101" in text_of(shown)
    assert 'data-behavior="from-fragment"' in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert "vote" not in tap.client.cookies and await digest() == before


async def test_a_wrong_printed_code_is_kept_to_be_mended(tap: Voter) -> None:
    refused = await tap.post("/tokens", kind="printed", code="7K3M-Q2XD", choice=101)

    assert refused.status_code == 401
    assert 'value="7K3M-Q2XD"' in refused.text
    assert "Candidate 101" in text_of(refused)


# --- one vote at a time ---------------------------------------------------------------------------


async def test_a_vote_leads_to_a_receipt_that_never_names_the_choice(tap: Voter) -> None:
    await tap.prove()
    cast = await tap.vote(101)
    receipt = await tap.client.get(cast.headers["location"])

    assert cast.status_code == 303
    assert await _votes("tap") == {101: 1}
    assert "Your vote is recorded" in text_of(receipt)
    assert "9 votes" in text_of(receipt)
    assert "Candidate 101" not in receipt.text
    assert receipt.headers["cache-control"] == "private, no-store"


async def test_the_same_vote_again_is_the_same_receipt(tap: Voter) -> None:
    await tap.prove()
    first, again = await tap.vote(101), await tap.vote(101)

    assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert await _votes("tap") == {101: 1}


async def test_the_confirmation_says_that_the_vote_stands(tap: Voter) -> None:
    await tap.prove()
    await tap.vote(101)
    shown = await tap.get("/ballot", choice=101)

    assert "You have voted for this person" in text_of(shown)
    assert 'action="/campaigns/tap/ballots"' not in shown.text


async def test_my_votes_show_everybody_with_my_own_votes(tap: Voter) -> None:
    await tap.prove()
    await tap.vote(101)
    shown = await tap.get("/ballot")

    assert "Voted today" in text_of(shown)
    assert shown.text.count('action="/campaigns/tap/ballots"') == 2


async def test_me_tells_the_script_what_is_left(tap: Voter) -> None:
    before = (await tap.get("/me")).json()
    await tap.prove()
    await tap.vote(101)
    after = await tap.get("/me")

    assert before == {"votes_left": None, "voted": []}
    assert {key: after.json()[key] for key in ("votes_left", "voted", "said")} == {
        "votes_left": 9, "voted": [101], "said": "9 votes left today, renewed at midnight.",
    }  # fmt: skip
    assert after.json()["csrf_token"]
    assert after.headers["cache-control"] == "private, no-store"


async def test_a_used_up_quota_is_said(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    rule = {"shape": "tap", "per_campaign": 1, "per_candidate": 1, "visibility": "hidden"}
    campaign = await make.campaign(slug="one", ballot_rule=rule)
    for number in (101, 102):
        await make.candidate(campaign, number)
    voter = Voter(client, "one")
    await voter.prove()
    await voter.vote(101)
    before = await digest()
    refused = await voter.vote(102)
    asked = await voter.get("/ballot", choice=102)
    mine = await voter.get("/ballot")

    assert refused.status_code == 409
    assert "You have no vote left for this." in text_of(refused)
    assert "Candidate 102" in text_of(refused)
    assert await digest() == before
    assert "You have no vote left for this." in text_of(asked)
    assert "You have no vote left for this." in text_of(mine)
    assert (await voter.get("/me")).json()["said"] == "You have no vote left for this."


async def test_where_only_each_candidate_is_limited_nothing_is_counted_down(
    client: httpx.AsyncClient,
) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="multi", preset="once_multi")
    for number in (101, 102):
        await make.candidate(campaign, number)
    voter = Voter(client, "multi")
    await voter.prove()
    cast = await voter.vote(101)
    receipt = await client.get(cast.headers["location"])
    again = await voter.get("/ballot", choice=101)
    me = (await voter.get("/me")).json()

    assert "Left" not in text_of(receipt)
    assert "Each person can be voted for once" in text_of(again)
    assert (me["votes_left"], me["said"]) == (1, "")


async def test_several_votes_for_one_person_count_where_the_rule_allows(
    client: httpx.AsyncClient,
) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="six", preset="filter_then_jury")
    await make.candidate(campaign, 101)
    voter = Voter(client, "six")
    await voter.prove()
    await voter.vote(101, slot=1)
    shown = await voter.get("/ballot", choice=101)
    await voter.vote(101, slot=2)

    assert '<input type="hidden" name="slot" value="2">' in shown.text
    assert "You can give another one" in text_of(shown)
    assert await _votes("six") == {101: 2}


async def test_a_form_of_yesterday_is_refused_and_shown_anew(
    tap: Voter, frozen_at: Callable[[datetime], Traveller]
) -> None:
    frozen_at(clock.now())
    await tap.prove()
    before = await digest()
    refused = await tap.vote(101, day=f"{clock.now().date() - timedelta(days=3)}")
    nonsense = await tap.vote(101, day="tomorrow")

    assert (refused.status_code, nonsense.status_code) == (422, 422)
    assert "This form is of another day" in text_of(refused)
    assert "Candidate 101" in text_of(refused)
    assert await digest() == before


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((), "Please choose at least one candidate."),
        ((999,), "This ballot names someone who is not a candidate."),
        ((101, 102), "One vote is for one candidate."),
        ((101, 101), "Each candidate can be chosen once."),
    ],
)
async def test_a_vote_that_does_not_fit_is_said(
    tap: Voter, numbers: tuple[int, ...], sentence: str
) -> None:
    await tap.prove()
    before = await digest()
    refused = await tap.vote(*numbers)

    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert await digest() == before


# --- a whole ballot -------------------------------------------------------------------------------


async def test_a_ballot_is_chosen_checked_and_cast(paper: Voter) -> None:
    await paper.prove(choice=[101, 201])
    sheet = await paper.get("/ballot", choice=[101, 201])
    review = await paper.get("/ballot/review", choice=[101, 201])
    cast = await paper.vote(101, 201)
    receipt = await paper.client.get(cast.headers["location"])

    assert sheet.text.count(" checked") == 2
    assert "You chose 2 people" in text_of(review)
    assert 'href="/campaigns/paper/ballot/review?choice=201"' in review.text
    assert cast.status_code == 303
    assert "Your ballot is recorded" in text_of(receipt)
    assert await _votes("paper") == {101: 1, 201: 1}


async def test_looking_at_a_ballot_changes_nothing(paper: Voter) -> None:
    await paper.prove()
    before = await digest()
    await paper.get("/ballot", choice=[101])
    await paper.get("/ballot/review", choice=[101])

    assert await digest() == before


async def test_taking_the_last_name_off_leads_back_to_the_sheet(paper: Voter) -> None:
    await paper.prove()
    review = await paper.get("/ballot/review", choice=[101])

    assert 'href="/campaigns/paper/ballot" class="button button--quiet"' in review.text


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((), "Please choose at least one candidate."),
        ((101, 102, 103), "You picked 3 of at most 2 in one category. Take 1 off."),
        ((101, 999), "This ballot names someone who is not a candidate."),
        ((101, 101), "Each candidate can be chosen once."),
    ],
)
async def test_a_ballot_that_does_not_fit_keeps_its_picks(
    paper: Voter, numbers: tuple[int, ...], sentence: str
) -> None:
    await paper.prove()
    before = await digest()
    reviewed = await paper.get("/ballot/review", choice=list(numbers))
    cast = await paper.vote(*numbers)

    known = len(set(numbers) - {999})
    assert (reviewed.status_code, cast.status_code) == (422, 422)
    assert sentence in text_of(reviewed)
    assert sentence in text_of(cast)
    assert reviewed.text.count(" checked") == known
    assert await digest() == before


async def test_another_ballot_is_refused_and_its_picks_are_kept(paper: Voter) -> None:
    await paper.prove()
    await paper.vote(101)
    before = await digest()
    refused = await paper.vote(102, 201)

    assert refused.status_code == 409
    assert "You have already cast your ballot" in text_of(refused)
    assert refused.text.count(" checked") == 2
    assert await digest() == before


async def test_a_cast_ballot_shows_its_receipt_again(paper: Voter) -> None:
    await paper.prove()
    cast = await paper.vote(101)
    shown = await paper.get("/ballot")

    tracker = cast.headers["location"].rsplit("/", 1)[1]
    assert "You have cast your ballot" in text_of(shown)
    assert tracker[:4] in text_of(shown)
    assert "Candidate 101" not in text_of(shown)


async def test_a_daily_ballot_says_so(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    rule = {"shape": "ballot", "min_picks": 1, "max_picks": 2, "ballots": "daily"}
    campaign = await make.campaign(slug="daily", ballot_rule=rule)
    await make.candidate(campaign, 101)
    voter = Voter(client, "daily")
    await voter.prove()
    review = await voter.get("/ballot/review", choice=101)
    await voter.vote(101)
    shown = await voter.get("/ballot")

    assert "one ballot a day" in text_of(review)
    assert "You can vote again tomorrow" in text_of(shown)


async def test_a_review_without_proof_asks_for_it(paper: Voter) -> None:
    shown = await paper.get("/ballot/review", choice=[101, 201])

    assert "Before you vote" in text_of(shown)
    assert "Candidate 201" in text_of(shown)


# --- when there is no voting ----------------------------------------------------------------------


async def test_a_vote_without_proof_is_refused_and_its_choice_kept(tap: Voter) -> None:
    refused = await tap.post("/ballots", choice=101, day="2026-01-01")

    assert refused.status_code == 401
    assert "Please prove first that you are one person." in text_of(refused)
    assert "Candidate 101" in text_of(refused)


async def test_a_forged_proof_is_said(tap: Voter) -> None:
    tap.client.cookies.set("vote", "vt1.forged", domain="haoren.test")
    shown = await tap.get("/ballot", choice=101)
    refused = await tap.post("/ballots", choice=101, day="2026-01-01")

    assert shown.status_code == 200
    assert "This proof is not one of ours" in text_of(shown)
    assert refused.status_code == 401


async def test_a_proof_of_another_campaign_is_none_here(tap: Voter) -> None:
    other = await make.campaign(slug="other")
    await make.candidate(other, 101)
    await tap.prove()
    there = Voter(tap.client, "other")
    shown = await there.get("/ballot", choice=101)
    refused = await there.post("/ballots", choice=101, day="2026-01-01")

    assert "Before you vote" in text_of(shown) and "another campaign" not in text_of(shown)
    assert refused.status_code == 401
    assert await _votes("other") == {}


async def test_one_browser_votes_in_several_campaigns(tap: Voter) -> None:
    await make.candidate(await make.campaign(preset="daily_tap", slug="other"), 101)
    there = Voter(tap.client, "other")
    await tap.prove("lu@example.com")
    await there.prove("bai@example.com")

    cast = [await tap.vote(101), await there.vote(101)]
    # The ordinary way, where what is sent is not quite what the page sends.
    me = (await tap.get("/me")).json()
    cast.append(
        await tap.client.post(
            "/campaigns/tap/ballots",
            content=f"choice=102&day={me['day']}&csrf_token={me['csrf_token']}",
            headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"},
        )
    )
    shown = [text_of(await each.get("/ballot")) for each in (tap, there)]

    assert [each.status_code for each in cast] == [303, 303, 303]
    assert "l•••@example.com" in shown[0] and "8 votes left" in shown[0]
    assert "ba•••@example.com" in shown[1] and "9 votes left" in shown[1]
    assert (await _votes("tap"), await _votes("other")) == ({101: 1, 102: 1}, {101: 1})


async def test_a_revoked_code_votes_no_more(tap: Voter, config: Config) -> None:
    campaign = await find_campaign("tap")
    await tap.get("/ballot")
    issued = await issue_codes(
        by=OFFICER, campaign=campaign, count=1, keys_folder=config.keys_folder
    )
    await tap.post("/tokens", kind="printed", code=issued.codes[0])
    await revoke_batch(by=OFFICER, batch=issued.batch)
    refused = await tap.post("/ballots", choice=101, day=f"{clock.now().date()}")

    assert refused.status_code == 403
    assert "taken back" in text_of(refused)
    assert await _votes("tap") == {}


async def test_closed_meanwhile_is_said_with_the_choice(
    tap: Voter, frozen_at: Callable[[datetime], Traveller]
) -> None:
    hour = frozen_at(clock.now())
    await tap.prove()
    stage = await Stage.get(campaign__slug="tap", kind="voting")
    hour.move_to(stage.ends_at)
    refused = await tap.post("/ballots", choice=101, day=f"{clock.now().date()}")
    shown = await tap.get("/ballot", choice=101)

    assert refused.status_code == 403
    assert f"{stage.ends_at:%Y-%m-%d}" not in text_of(refused)  # The date is told once, in words.
    assert "Voting closed on" in text_of(refused)
    assert "No vote was recorded just now." in text_of(refused)
    assert "Candidate 101" in text_of(refused)
    assert shown.status_code == 200
    assert "Voting closed on" in text_of(shown)
    assert (await tap.get("/me")).json() == {"votes_left": None, "voted": []}
    assert await _votes("tap") == {}


async def test_paused_is_said(tap: Voter) -> None:
    await tap.prove()
    await pause_voting(by=ORGANISER, campaign=await find_campaign("tap"))
    refused = await tap.post("/ballots", choice=101, day=f"{clock.now().date()}")
    shown = await tap.get("/ballot", choice=101)

    assert refused.status_code == 403
    assert "Voting is paused" in text_of(refused)
    assert "Voting is paused" in text_of(shown)


async def test_a_withdrawn_candidate_is_not_on_the_sheet(paper: Voter) -> None:
    async with in_transaction():
        await Candidate.filter(number=103).update(state="withdrawn")
    await paper.prove()
    shown = await paper.get("/ballot", choice=[103])

    assert 'value="103">' not in shown.text.split("ballot__names")[1]
    assert shown.text.count('class="pick"') == 3


# --- receipts -------------------------------------------------------------------------------------


async def test_a_receipt_of_nobody_here_is_explained(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    shown = await client.get("/receipts/abcd-efgh-ijkl-mnop")

    assert shown.status_code == 200
    assert "ABCD-EFGH-IJKL-MNOP" in text_of(shown)
    assert "only in the browser that voted" in text_of(shown)


@pytest.mark.parametrize("tracker", ["short", "0000000000000000", "ABCDEFGHIJKLMNOPQ"])
async def test_what_is_no_receipt_code_is_not_found(
    client: httpx.AsyncClient, tracker: str
) -> None:
    assert (await client.get(f"/receipts/{tracker}")).status_code == 404


async def test_a_campaign_that_is_not_public_has_no_ballot(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="secret", published_at=None)

    assert (await client.get("/campaigns/secret/ballot")).status_code == 404
