"""Sending, deciding, agreeing and showing, on the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from awards import clock
from awards.actor import Actor, Role
from awards.audit.models import AuditRecord
from awards.campaigns.models import Campaign, Stage
from awards.config import Config
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from awards.media.models import Picture
from awards.media.store import open_store, place
from awards.nominations.actions import (
    answer_consent,
    approve_nomination,
    change_candidate,
    forget_nominations,
    keep_photo,
    record_consent,
    reject_nomination,
    request_consent,
    return_nomination,
    revise_nomination,
    submit_nomination,
    withdraw_nomination,
)
from awards.nominations.models import Candidate, Consent, ModerationDecision, Nomination
from awards.nominations.queries import (
    find_candidate,
    find_consent,
    find_nomination,
    list_candidates,
)
from awards.nominations.rules import Answer, CandidateWords, GivenBy, How
from awards.notifications.models import Letter
from awards.words import Words
from tests import make
from tests.digest import digest
from tests.nominations.papers import LINKS, papers
from tests.nominations.pictures import jpeg
from tests.nominations.steps import (
    approve,
    close_nominations,
    notices,
    open_campaign,
    send,
    token_for,
)

YES = Answer(agrees=True)
NO = Answer(agrees=False)
BY_PHONE = Answer(agrees=True, how=How.PHONE, note="11月20日电话，本人")

pytestmark = pytest.mark.usefixtures("database")


async def version(campaign: Campaign) -> int:
    return (await Campaign.get(id=campaign.id)).version


async def shown(campaign: Campaign) -> list[int]:
    return [each.number for each in await list_candidates(campaign.id)]


async def deeds(nomination: Nomination) -> list[str]:
    records = await AuditRecord.filter(subject=f"nomination:{nomination.id}").order_by("number")
    return [each.action for each in records]


# Sending


async def test_a_nomination_is_kept_and_both_are_written_to() -> None:
    campaign = await open_campaign()

    sent = await send(campaign)

    assert (sent.state, sent.revision, len(sent.code)) == ("submitted", 1, 26)
    assert (sent.name, sent.category.slug, sent.region.slug) == ("石顺", "helping", "east")
    assert await notices("li@example.com") == ["nomination_received"]
    assert await notices("shi@example.com") == ["consent_request"]
    assert await deeds(sent) == ["nomination.submitted"]
    letter = await Letter.get(notice="nomination_received")
    assert f"http://haoren.test/nominations/{sent.code}" in letter.text


async def test_a_letter_to_the_nominee_says_nothing_of_the_story() -> None:
    await send(await open_campaign())

    letter = await Letter.get(notice="consent_request")

    assert "学生的车" not in letter.text + letter.html
    assert "李念" not in letter.text + letter.html


async def test_nobody_is_written_to_without_an_e_mail_address() -> None:
    sent = await send(
        await open_campaign(), nominee_contact="13812345678", nominator_contact="0394-8123456"
    )

    assert await Letter.all().count() == 0
    assert (sent.nominee_contact, sent.nominator_contact) == ("13812345678", "03948123456")
    assert sent.consent is None


async def test_the_same_form_sent_twice_is_one_nomination() -> None:
    campaign = await open_campaign()

    first = await send(campaign, send_key="k" * 32)
    before = await digest()
    second = await send(campaign, send_key="k" * 32, name="陆春芳")

    assert second.code == first.code
    assert await digest() == before


async def test_a_double_click_is_one_nomination() -> None:
    campaign = await open_campaign()

    codes = await asyncio.gather(*(send(campaign, send_key="k" * 32) for _n in range(4)))

    assert len({each.code for each in codes}) == 1
    assert await Nomination.all().count() == 1
    assert await Letter.all().count() == 2


async def test_what_is_wrong_is_refused_and_nothing_is_kept() -> None:
    campaign = await open_campaign()
    before = await digest()

    with pytest.raises(Invalid) as refused:
        await send(campaign, name="")

    assert refused.value.field == "name"
    assert await digest() == before


async def test_nothing_is_taken_after_the_stage() -> None:
    campaign = await open_campaign()
    await close_nominations(campaign, voting=False)
    before = await digest()

    with pytest.raises(Refused) as refused:
        await send(campaign)

    assert refused.value.code == "nomination.closed"
    assert await digest() == before


async def test_gender_and_birth_belong_to_one_person() -> None:
    sent = await send(await open_campaign(), kind="group", name="青麦夜校")

    assert (sent.gender, sent.birth_month) == ("", "")


async def test_a_photo_is_kept_privately_without_its_place(config: Config) -> None:
    picture = await keep_photo(jpeg(gps=True), store=open_store(config.storage))

    found = await open_store(config.storage).get_async(place(picture.id, 640))
    body = bytes(await found.bytes_async())
    assert (picture.width, picture.height, picture.published_at) == (640, 480, None)
    assert body[8:12] == b"WEBP"
    assert b"EXIF" not in body and b"Phone of the Li" not in body


# Returning and revising


async def returned(moderator: Actor, campaign: Campaign, **changes: Any) -> Nomination:
    sent = await send(campaign, **changes)
    await return_nomination(
        by=moderator, code=sent.code, revision=1, reason="请补一张照片。", links=LINKS
    )
    return await find_nomination(sent.code)


async def test_a_return_tells_the_nominator_why(moderator: Actor) -> None:
    papers_back = await returned(moderator, await open_campaign())

    assert (papers_back.state, papers_back.revision) == ("returned", 2)
    decision = await ModerationDecision.get()
    assert (decision.kind, decision.reason, decision.decided_by) == (
        "returned", "请补一张照片。", moderator.name,
    )  # fmt: skip
    letter = await Letter.get(notice="nomination_returned")
    assert "请补一张照片。" in letter.text
    assert letter.address == "li@example.com"
    assert await deeds(papers_back) == ["nomination.submitted", "nomination.returned"]


async def test_revised_papers_wait_again(moderator: Actor) -> None:
    campaign = await open_campaign()
    back = await returned(moderator, campaign)
    picture = await make.picture(public=False)

    revised = await revise_nomination(
        code=back.code,
        revision=2,
        papers=papers(one_liner="一句新话。"),
        photos=[picture.id],
        links=LINKS,
    )

    assert (revised.state, revised.revision, revised.one_liner) == ("submitted", 3, "一句新话。")
    assert [photo.picture_id for photo in revised.photos] == [picture.id]
    assert await notices("shi@example.com") == ["consent_request"]


async def test_a_new_address_of_the_nominee_is_written_to(moderator: Actor) -> None:
    back = await returned(moderator, await open_campaign(), nominee_contact="")

    await revise_nomination(
        code=back.code,
        revision=2,
        papers=papers(nominee_contact="new@example.com"),
        photos=[],
        links=LINKS,
    )

    assert await notices("new@example.com") == ["consent_request"]


@pytest.mark.parametrize(("state", "revision"), [("submitted", 1), ("returned", 9)])
async def test_papers_that_are_not_returned_stay(state: str, revision: int) -> None:
    campaign = await open_campaign()
    sent = await send(campaign)
    async with in_transaction():
        await Nomination.filter(code=sent.code).update(state=state)
    before = await digest()

    with pytest.raises(Conflict):
        await revise_nomination(
            code=sent.code, revision=revision, papers=papers(), photos=[], links=LINKS
        )

    assert await digest() == before


async def test_the_nominator_withdraws() -> None:
    sent = await send(await open_campaign())

    taken_back = await withdraw_nomination(code=sent.code)

    assert (taken_back.state, taken_back.revision) == ("withdrawn", 2)
    with pytest.raises(Conflict):
        await withdraw_nomination(code=sent.code)


async def test_a_withdrawn_nomination_can_not_be_agreed_to() -> None:
    sent = await send(await open_campaign())
    token = await token_for("shi@example.com")
    await withdraw_nomination(code=sent.code)

    with pytest.raises(Conflict) as refused:
        await answer_consent(token=token, answer=YES)

    assert refused.value.code == "nomination.closed"


# Deciding


async def test_an_approval_makes_a_candidate_whom_nobody_sees(moderator: Actor) -> None:
    campaign = await open_campaign()
    picture = await make.picture(public=False)
    sent = await send(campaign, photos=[picture.id])
    before = await version(campaign)

    made = await approve(moderator, sent)

    assert (made.number, made.state, made.published_at) == (101, "preliminary", None)
    assert (made.name, made.story) == (Words("石顺"), Words("下雨天他还备着十几把伞。"))
    assert made.past_honours[0] == {"title": {"zh": "2019年好邻居", "en": ""}}
    assert await shown(campaign) == []
    with pytest.raises(NotFound):
        await find_candidate(campaign.id, 101)
    assert (await Picture.get(id=picture.id)).published_at is None
    assert await version(campaign) == before
    assert await notices("li@example.com") == ["nomination_received", "nomination_approved"]


async def test_numbers_follow_each_other_in_a_category(moderator: Actor) -> None:
    campaign = await open_campaign()
    one, two = await send(campaign), await send(campaign, name="陆春芳")
    brave = await send(campaign, name="沈渡生", category="bravery")

    numbers = [(await approve(moderator, each)).number for each in (one, two, brave)]

    assert numbers == [101, 102, 201]


async def test_somebody_without_a_letter_is_asked_at_the_approval(moderator: Actor) -> None:
    sent = await send(await open_campaign(), nominee_contact="13812345678")

    await approve(moderator, sent)

    consent = await Consent.get(nomination_id=sent.id)
    assert consent.state == "requested"
    assert await Letter.filter(notice="consent_request").count() == 0


async def test_a_rejection_names_rule_and_reason(moderator: Actor) -> None:
    sent = await send(await open_campaign())

    await reject_nomination(
        by=moderator, code=sent.code, revision=1, rule="scope", reason="不在本地生活。", links=LINKS
    )

    decision = await ModerationDecision.get()
    assert (decision.kind, decision.rule, decision.reason) == (
        "rejected",
        "scope",
        "不在本地生活。",
    )
    assert (await find_nomination(sent.code)).state == "rejected"
    letter = await Letter.get(notice="nomination_rejected")
    assert "不在本地生活。" in letter.text


@pytest.mark.parametrize(
    ("rule", "reason", "field"), [("", "不在本地生活。", "rule"), ("scope", "", "reason")]
)
async def test_a_rejection_without_rule_or_reason_is_refused(
    moderator: Actor, rule: str, reason: str, field: str
) -> None:
    sent = await send(await open_campaign())
    before = await digest()

    with pytest.raises(Invalid) as refused:
        await reject_nomination(
            by=moderator, code=sent.code, revision=1, rule=rule, reason=reason, links=LINKS
        )

    assert refused.value.field == field
    assert await digest() == before


async def test_two_moderators_at_once_decide_once(moderator: Actor) -> None:
    sent = await send(await open_campaign())
    other = await make.person(Role.MODERATOR)

    answers = await asyncio.gather(
        approve_nomination(by=moderator, code=sent.code, revision=1, links=LINKS),
        return_nomination(
            by=other, code=sent.code, revision=1, reason="请补一张照片。", links=LINKS
        ),
        approve_nomination(by=other, code=sent.code, revision=1, links=LINKS),
        return_exceptions=True,
    )

    assert sorted(isinstance(each, Conflict) for each in answers) == [False, True, True]
    assert await ModerationDecision.all().count() == 1


async def test_approvals_at_once_never_share_a_number(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent = [await send(campaign, name=f"石顺{n}") for n in range(5)]

    made = await asyncio.gather(*(approve(moderator, each) for each in sent))

    assert sorted(each.number for each in made) == [101, 102, 103, 104, 105]


async def test_who_decides_late_reads_who_was_first(moderator: Actor) -> None:
    sent = await send(await open_campaign())
    await approve(moderator, sent)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await return_nomination(
            by=moderator, code=sent.code, revision=1, reason="请补一张照片。", links=LINKS
        )

    assert (refused.value.code, refused.value.values) == (
        "nomination.decided", {"name": moderator.name},
    )  # fmt: skip
    assert await digest() == before


async def test_a_moderator_of_one_campaign_can_not_touch_another() -> None:
    mine, other = await open_campaign(), await open_campaign()
    local = await make.person(Role.MODERATOR, campaign=mine.id)
    sent = await send(other)
    before = await digest()

    for attempt in (
        approve_nomination(by=local, code=sent.code, revision=1, links=LINKS),
        return_nomination(by=local, code=sent.code, revision=1, reason="请补照片。", links=LINKS),
        reject_nomination(
            by=local, code=sent.code, revision=1, rule="scope", reason="不在本地。", links=LINKS
        ),
        record_consent(by=local, code=sent.code, answer=BY_PHONE),
        request_consent(by=local, code=sent.code, links=LINKS),
    ):
        with pytest.raises(Forbidden):
            await attempt

    assert await digest() == before
    assert (await approve(local, await send(mine))).number == 101


async def test_an_editor_does_not_decide(editor: Actor) -> None:
    sent = await send(await open_campaign())

    with pytest.raises(Forbidden):
        await approve(editor, sent)


async def test_nobody_joins_once_voting_has_opened(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent = await send(campaign)
    await close_nominations(campaign, voting=True)

    with pytest.raises(Conflict) as refused:
        await approve(moderator, sent)

    assert refused.value.code == "nomination.voting_has_opened"


# Consent


async def approved(
    moderator: Actor, campaign: Campaign, *, pictures: int = 2, **changes: Any
) -> tuple[Nomination, list[Picture]]:
    photos = [await make.picture(public=False) for _n in range(pictures)]
    sent = await send(campaign, photos=[photo.id for photo in photos], **changes)
    await approve(moderator, sent)
    return await find_nomination(sent.code), photos


async def published(pictures: list[Picture]) -> list[bool]:
    return [(await Picture.get(id=each.id)).published_at is not None for each in pictures]


async def test_a_yes_after_the_approval_publishes(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent, pictures = await approved(moderator, campaign)
    before = await version(campaign)

    await answer_consent(token=await token_for("shi@example.com"), answer=YES)

    candidate = await find_candidate(campaign.id, 101)
    assert (candidate.state, candidate.portrait_id) == ("published", pictures[0].id)
    assert [photo.picture_id for photo in candidate.photos] == [pictures[1].id]
    assert candidate.nomination is not None
    assert candidate.nomination.consent.state == "granted"
    assert await published(pictures) == [True, True]
    assert await version(campaign) > before
    consent = await Consent.get(nomination_id=sent.id)
    assert (consent.how, consent.given_by, consent.recorded_by) == ("link", "nominee", "nominee")
    assert consent.decided_at is not None


async def test_an_approval_after_the_yes_publishes(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent = await send(campaign)
    await answer_consent(token=await token_for("shi@example.com"), answer=YES)
    assert await shown(campaign) == []

    await approve(moderator, sent)

    assert await shown(campaign) == [101]


async def test_approval_and_yes_at_once_publish(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent = await send(campaign)
    token = await token_for("shi@example.com")

    await asyncio.gather(approve(moderator, sent), answer_consent(token=token, answer=YES))

    assert await shown(campaign) == [101]


async def test_a_yes_twice_is_recorded_once(moderator: Actor) -> None:
    sent, _pictures = await approved(moderator, await open_campaign())
    token = await token_for("shi@example.com")
    await answer_consent(token=token, answer=YES)
    before = await digest()

    await asyncio.gather(*(answer_consent(token=token, answer=YES) for _n in range(3)))

    assert await digest() == before
    assert (await deeds(sent)).count("consent.granted") == 1


async def test_a_nominee_who_shows_no_photos_has_none(moderator: Actor) -> None:
    campaign = await open_campaign()
    _sent, pictures = await approved(moderator, campaign)

    await answer_consent(
        token=await token_for("shi@example.com"),
        answer=replace(YES, show_photo=False, show_story=False),
    )

    candidate = await find_candidate(campaign.id, 101)
    assert (candidate.portrait_id, list(candidate.photos), bool(candidate.story)) == (
        None,
        [],
        False,
    )
    assert candidate.summary
    assert await published(pictures) == [False, False]


async def test_a_nominee_changes_what_is_shown(moderator: Actor) -> None:
    campaign = await open_campaign()
    _sent, pictures = await approved(moderator, campaign)
    token = await token_for("shi@example.com")
    await answer_consent(token=token, answer=YES)

    await answer_consent(token=token, answer=replace(YES, show_photo=False, show_story=False))
    hidden = await find_candidate(campaign.id, 101)
    assert (hidden.portrait_id, bool(hidden.story), await published(pictures)) == (
        None, False, [False, False],
    )  # fmt: skip

    await answer_consent(token=token, answer=YES)
    back = await find_candidate(campaign.id, 101)
    assert (back.portrait_id, bool(back.story), await published(pictures)) == (
        pictures[0].id, True, [True, True],
    )  # fmt: skip


async def test_a_no_ends_it_and_the_nominator_is_told(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent, pictures = await approved(moderator, campaign)

    await answer_consent(token=await token_for("shi@example.com"), answer=NO)

    assert (await find_nomination(sent.code)).state == "withdrawn"
    assert (await Consent.get(nomination_id=sent.id)).state == "declined"
    assert (await Candidate.get()).state == "withdrawn"
    assert await shown(campaign) == []
    assert await published(pictures) == [False, False]
    assert (await notices("li@example.com"))[-1] == "nomination_withdrawn"


async def test_a_yes_taken_back_before_the_vote_leaves_nothing(moderator: Actor) -> None:
    campaign = await open_campaign()
    _sent, pictures = await approved(moderator, campaign)
    token = await token_for("shi@example.com")
    await answer_consent(token=token, answer=YES)
    before = await version(campaign)

    await answer_consent(token=token, answer=NO)

    assert (await find_consent(token)).state == "withdrawn"
    assert await shown(campaign) == []
    assert await published(pictures) == [False, False]
    assert await version(campaign) > before


async def test_a_yes_taken_back_during_the_vote_leaves_name_and_number(moderator: Actor) -> None:
    campaign = await open_campaign()
    _sent, pictures = await approved(moderator, campaign)
    token = await token_for("shi@example.com")
    await answer_consent(token=token, answer=YES)
    await close_nominations(campaign, voting=True)

    await answer_consent(token=token, answer=NO)

    card = await find_candidate(campaign.id, 101)
    assert (card.state, card.name, card.number) == ("withdrawn", Words("石顺"), 101)
    assert not any((card.story, card.summary, card.one_liner, card.occupation, card.portrait_id))
    assert await published(pictures) == [False, False]


async def test_after_a_no_the_link_says_yes_no_more(moderator: Actor) -> None:
    await approved(moderator, await open_campaign())
    token = await token_for("shi@example.com")
    await answer_consent(token=token, answer=NO)
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await answer_consent(token=token, answer=YES)
    await answer_consent(token=token, answer=NO)

    assert refused.value.code == "consent.declined"
    assert await digest() == before


async def test_a_consent_after_voting_has_opened_publishes_nobody(moderator: Actor) -> None:
    campaign = await open_campaign()
    await approved(moderator, campaign)
    await close_nominations(campaign, voting=True)

    await answer_consent(token=await token_for("shi@example.com"), answer=YES)

    assert await shown(campaign) == []


async def test_a_letter_is_good_for_two_weeks() -> None:
    sent = await send(await open_campaign())
    token = await token_for("shi@example.com")
    async with in_transaction():
        await Consent.filter(nomination_id=sent.id).update(
            expires_at=clock.now() - timedelta(seconds=1)
        )

    with pytest.raises(Conflict) as refused:
        await answer_consent(token=token, answer=YES)

    assert refused.value.code == "consent.expired"


async def test_a_newer_letter_takes_the_place_of_the_older(moderator: Actor) -> None:
    sent = await send(await open_campaign())
    old = await token_for("shi@example.com")

    await request_consent(by=moderator, code=sent.code, links=LINKS)

    with pytest.raises(NotFound):
        await answer_consent(token=old, answer=YES)
    await answer_consent(token=await token_for("shi@example.com"), answer=YES)
    assert await notices("shi@example.com") == ["consent_request", "consent_request"]


@pytest.mark.parametrize(
    ("contact", "answer", "code"),
    [("13812345678", None, "consent.no_address"), ("shi@example.com", YES, "consent.stands"),
     ("shi@example.com", NO, "nomination.closed")],
)  # fmt: skip
async def test_a_letter_that_makes_no_sense_is_not_written(
    moderator: Actor, contact: str, answer: Answer | None, code: str
) -> None:
    sent = await send(await open_campaign(), nominee_contact=contact)
    if answer:
        await answer_consent(token=await token_for(contact), answer=answer)

    with pytest.raises(Conflict) as refused:
        await request_consent(by=moderator, code=sent.code, links=LINKS)

    assert refused.value.code == code


async def test_consent_by_telephone_is_recorded_and_publishes(moderator: Actor) -> None:
    campaign = await open_campaign()
    sent, _pictures = await approved(moderator, campaign, nominee_contact="13812345678")

    await record_consent(by=moderator, code=sent.code, answer=BY_PHONE)

    consent = await Consent.get(nomination_id=sent.id)
    assert (consent.state, consent.how, consent.given_by, consent.note) == (
        "granted", "phone", "nominee", "11月20日电话，本人",
    )  # fmt: skip
    assert consent.recorded_by == moderator.name
    assert await shown(campaign) == [101]


async def test_consent_is_recorded_for_somebody_who_was_never_asked(moderator: Actor) -> None:
    sent = await send(await open_campaign(), nominee_contact="")

    await record_consent(by=moderator, code=sent.code, answer=BY_PHONE)

    assert (await Consent.get(nomination_id=sent.id)).state == "granted"


async def test_a_guardian_agrees_for_a_minor(moderator: Actor) -> None:
    sent = await send(await open_campaign(), nominee_contact="", birth_month="2015-05")

    with pytest.raises(Invalid) as refused:
        await record_consent(by=moderator, code=sent.code, answer=BY_PHONE)
    await record_consent(
        by=moderator, code=sent.code, answer=replace(BY_PHONE, given_by=GivenBy.GUARDIAN)
    )

    assert refused.value.field == "given_by"
    assert (await Consent.get(nomination_id=sent.id)).given_by == "guardian"


async def test_a_no_by_telephone_is_recorded(moderator: Actor) -> None:
    sent = await send(await open_campaign(), nominee_contact="")

    await record_consent(by=moderator, code=sent.code, answer=replace(BY_PHONE, agrees=False))

    assert (await find_nomination(sent.code)).state == "withdrawn"
    with pytest.raises(Conflict):
        await record_consent(by=moderator, code=sent.code, answer=BY_PHONE)


async def test_who_said_no_is_forgotten_after_thirty_days(moderator: Actor, config: Config) -> None:
    store = open_store(config.storage)
    picture = await keep_photo(jpeg(), store=store)
    campaign = await open_campaign()
    sent = await send(campaign, photos=[picture.id])
    await approve(moderator, sent)
    kept = await send(campaign, name="陆春芳", nominee_contact="lu@example.com")
    await answer_consent(token=await token_for("shi@example.com"), answer=NO)
    assert await forget_nominations(store=store) == 0
    async with in_transaction():
        await Consent.filter(nomination_id=sent.id).update(
            decided_at=clock.now() - timedelta(days=31)
        )

    assert await forget_nominations(store=store) == 1
    assert await forget_nominations(store=store) == 0

    gone = await find_nomination(sent.code)
    assert (gone.name, gone.story, gone.nominee_contact, list(gone.photos)) == ("", "", "", [])
    assert gone.state == "withdrawn"
    assert (await Candidate.get(nomination_id=sent.id)).name == Words()
    assert await Picture.filter(id=picture.id).count() == 0
    with pytest.raises(FileNotFoundError):
        await store.get_async(place(picture.id, 640))
    assert (await find_nomination(kept.code)).name == "陆春芳"


LED_NOWHERE = ["rejected", "withdrawn", "returned"]


@pytest.mark.parametrize("state", LED_NOWHERE)
async def test_papers_that_led_to_nothing_are_forgotten_after_a_year(
    state: str, config: Config
) -> None:
    store, campaign = open_store(config.storage), await open_campaign()
    sent, now = await send(campaign), clock.now()
    async with in_transaction():
        await ModerationDecision.create(
            nomination_id=sent.id, kind="rejected", rule="not_local", reason="石顺不在本市。",
            decided_by="审核员", decided_at=now,
        )  # fmt: skip
        papers = Nomination.filter(id=sent.id)
        await papers.update(state=state, changed_at=now - timedelta(days=364))
    assert await forget_nominations(store=store) == 0
    async with in_transaction():
        await papers.update(changed_at=now - timedelta(days=366))

    assert await forget_nominations(store=store) == 1
    assert await forget_nominations(store=store) == 0

    gone = await find_nomination(sent.code)
    assert (gone.state, gone.name, gone.story, gone.nominator_contact) == (state, "", "", "")
    decision = await ModerationDecision.get(nomination_id=sent.id)
    assert (decision.rule, decision.reason) == ("not_local", "")


@pytest.mark.parametrize(
    ("state", "birth_month", "gone"),
    [
        ("rejected", "2015-05", 1),
        ("withdrawn", "2015-05", 1),
        ("returned", "2015-05", 0),
        ("rejected", "1968-05", 0),
        ("rejected", "", 0),
    ],
)
async def test_a_childs_papers_go_within_a_month(
    state: str, birth_month: str, gone: int, config: Config
) -> None:
    sent, then = await send(await open_campaign()), clock.now() - timedelta(days=29)
    async with in_transaction():
        papers = Nomination.filter(id=sent.id)
        await papers.update(
            state=state, birth_month=birth_month, changed_at=then + timedelta(hours=1)
        )
    assert await forget_nominations(store=open_store(config.storage)) == 0
    async with in_transaction():
        await papers.update(changed_at=then - timedelta(hours=1))

    assert await forget_nominations(store=open_store(config.storage)) == gone

    assert (await find_nomination(sent.code)).name == ("" if gone else "石顺")


@pytest.mark.parametrize("state", ["submitted", "approved"])
async def test_papers_that_are_of_use_stay(state: str, config: Config) -> None:
    sent = await send(await open_campaign())
    async with in_transaction():
        await Nomination.filter(id=sent.id).update(
            state=state, changed_at=clock.now() - timedelta(days=4000)
        )

    assert await forget_nominations(store=open_store(config.storage)) == 0

    assert (await find_nomination(sent.code)).name == "石顺"


@pytest.mark.parametrize("state", ["submitted", "approved"])
async def test_a_year_after_the_award_nothing_stays_of_who_was_never_shown(
    state: str, config: Config
) -> None:
    sent = await send(campaign := await open_campaign())
    await send(await open_campaign(), name="陆春芳", nominee_contact="lu@example.com")
    async with in_transaction():
        await Nomination.filter(id=sent.id).update(state=state)
    assert await forget_nominations(store=open_store(config.storage)) == 0
    await long_over(campaign)

    assert await forget_nominations(store=open_store(config.storage)) == 1

    assert (await find_nomination(sent.code)).name == ""


async def test_a_year_after_the_award_only_the_story_stays_of_who_was_shown(
    moderator: Actor, config: Config
) -> None:
    sent = await send(campaign := await open_campaign())
    await approve(moderator, sent)
    await answer_consent(token=await token_for("shi@example.com"), answer=YES)
    await long_over(campaign)

    for _again in range(2):
        assert await forget_nominations(store=open_store(config.storage)) == 0

    kept = await find_nomination(sent.code)
    assert (kept.name, kept.nominator_name, kept.nominator_contact, kept.nominee_contact) == (
        "石顺", "", "", "",
    )  # fmt: skip
    assert (await Candidate.get(nomination_id=sent.id)).name.zh == "石顺"
    assert (await deeds(sent)).count("nomination.contacts_forgotten") == 1


async def long_over(campaign: Campaign) -> None:
    """As if more than a year had passed since its last stage."""
    async with in_transaction():
        for stage in await Stage.filter(campaign_id=campaign.id):
            ago = timedelta(days=500)
            stage.starts_at, stage.ends_at = stage.starts_at - ago, stage.ends_at - ago
            await stage.save()


async def test_a_photo_that_is_shown_elsewhere_outlives_its_nomination(config: Config) -> None:
    store, campaign = open_store(config.storage), await open_campaign()
    shared = await keep_photo(jpeg(), store=store)
    sent = await send(campaign, photos=[shared.id])
    await send(campaign, name="陆春芳", photos=[shared.id], nominee_contact="lu@example.com")
    async with in_transaction():
        await Nomination.filter(id=sent.id).update(
            state="rejected", changed_at=clock.now() - timedelta(days=366)
        )

    assert await forget_nominations(store=store) == 1

    assert await Picture.exists(id=shared.id)
    assert await store.get_async(place(shared.id, 320))


# Words of candidates


def words(**changes: Words) -> CandidateWords:
    texts = {
        "name": Words("石顺", "Shi Shun"),
        "occupation": Words("修车师傅", "Bicycle mender"),
        "one_liner": Words("学生的车不收钱。", "Pupils pay nothing."),
        "summary": Words("二十六年了。", "For twenty-six years."),
        "story": Words("下雨天备着伞。", "He keeps umbrellas."),
    }
    return CandidateWords(**{**texts, **changes})


async def test_an_editor_writes_both_languages(moderator: Actor, editor: Actor) -> None:
    campaign = await open_campaign()
    await approved(moderator, campaign)
    await answer_consent(token=await token_for("shi@example.com"), answer=YES)
    candidate = await find_candidate(campaign.id, 101)

    await change_candidate(by=editor, id=candidate.id, words=words())

    changed = await find_candidate(campaign.id, 101)
    assert (changed.name, changed.story) == (
        Words("石顺", "Shi Shun"), Words("下雨天备着伞。", "He keeps umbrellas."),
    )  # fmt: skip
    assert changed.portrait_id == candidate.portrait_id


async def test_an_editor_puts_another_photo_first(moderator: Actor, editor: Actor) -> None:
    campaign = await open_campaign()
    sent, pictures = await approved(moderator, campaign, pictures=3)
    assert sent.candidate is not None
    await change_candidate(by=editor, id=sent.candidate.id, words=words(), portrait=pictures[2].id)
    assert await published(pictures) == [False, False, False]

    await answer_consent(token=await token_for("shi@example.com"), answer=YES)

    shown_now = await find_candidate(campaign.id, 101)
    assert shown_now.portrait_id == pictures[2].id
    await change_candidate(by=editor, id=shown_now.id, words=words(), portrait=pictures[1].id)
    assert (await find_candidate(campaign.id, 101)).portrait_id == pictures[1].id


async def test_a_story_that_was_not_agreed_to_stays_away(moderator: Actor, editor: Actor) -> None:
    campaign = await open_campaign()
    await approved(moderator, campaign)
    await answer_consent(
        token=await token_for("shi@example.com"), answer=replace(YES, show_story=False)
    )
    candidate = await find_candidate(campaign.id, 101)

    await change_candidate(by=editor, id=candidate.id, words=words())

    assert not (await find_candidate(campaign.id, 101)).story


async def test_wrong_words_and_wrong_photos_are_refused(moderator: Actor, editor: Actor) -> None:
    sent, _pictures = await approved(moderator, await open_campaign())
    other = await make.picture()
    assert sent.candidate is not None
    before = await digest()

    with pytest.raises(Invalid):
        await change_candidate(by=editor, id=sent.candidate.id, words=words(name=Words()))
    with pytest.raises(Invalid):
        await change_candidate(by=editor, id=sent.candidate.id, words=words(), portrait=other.id)

    assert await digest() == before


async def test_who_left_the_list_is_not_written_about(moderator: Actor, editor: Actor) -> None:
    sent, _pictures = await approved(moderator, await open_campaign())
    await answer_consent(token=await token_for("shi@example.com"), answer=NO)
    assert sent.candidate is not None

    with pytest.raises(Conflict):
        await change_candidate(by=editor, id=sent.candidate.id, words=words())


async def test_an_editor_of_one_campaign_can_not_write_in_another(moderator: Actor) -> None:
    mine, other = await open_campaign(), await open_campaign()
    local = await make.person(Role.EDITOR, campaign=mine.id)
    sent, _pictures = await approved(moderator, other)
    assert sent.candidate is not None

    with pytest.raises(Forbidden):
        await change_candidate(by=local, id=sent.candidate.id, words=words())


async def test_the_record_names_nobody(moderator: Actor) -> None:
    campaign = await open_campaign()
    await approved(moderator, campaign)
    await answer_consent(token=await token_for("shi@example.com"), answer=YES)

    records = await AuditRecord.all()

    assert "石顺" not in repr([each.details for each in records])
    assert "example.com" not in repr([(each.details, each.subject, each.actor) for each in records])


async def test_submitting_needs_what_the_campaign_has() -> None:
    campaign = await open_campaign()

    with pytest.raises(Invalid) as refused:
        await submit_nomination(
            campaign=campaign, papers=papers(category="dedication"), photos=[], send_key="x" * 32,
            language="zh-Hans", links=LINKS,
        )  # fmt: skip

    assert refused.value.field == "category"
