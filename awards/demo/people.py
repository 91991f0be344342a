"""The demonstration's people: who nominated them, that they agreed, and what the public reads."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from awards.campaigns.models import Campaign
from awards.campaigns.queries import timeline_of
from awards.campaigns.rules import StageKind
from awards.demo.album import Album
from awards.demo.season import Calendar, Entry, read, words
from awards.nominations.actions.candidates import add_candidate
from awards.nominations.actions.papers import ALPHABET
from awards.nominations.models import (
    Candidate,
    CandidatePhoto,
    Consent,
    ModerationDecision,
    Nomination,
    NominationPhoto,
)
from awards.nominations.rules import (
    CODE_LENGTH,
    CONSENT_LIFE,
    CandidateState,
    ConsentState,
    DecisionKind,
    How,
    NominationState,
)
from awards.signing import digest, random_secret

NOMINATORS = ("顾晓雨", "苏禾", "林一舟", "陈小禾", "方玉兰", "何景明", "宋阿妹", "罗槐生")
MODERATOR = "望河评选办"
STATES = {
    "approved": NominationState.APPROVED,
    "awaiting_consent": NominationState.SUBMITTED,
    "returned": NominationState.RETURNED,
    "submitted": NominationState.SUBMITTED,
}


def candidates_of(slug: str) -> list[Entry]:
    """The people of one campaign, by number."""
    return [entry for entry in read("people")["person"] if entry["campaign"] == slug]


def pictures_of_people() -> set[str]:
    """The files that candidates' pages show."""
    entries = read("people")["person"]
    portraits = {entry["picture"] for entry in entries}
    return portraits | {photo["file"] for entry in entries for photo in entry.get("photos", [])}


def pictures_of_papers() -> set[str]:
    """The files that came with nominations that wait."""
    entries = read("nominations")["nomination"]
    return {f"private/{entry['picture']}" for entry in entries if "picture" in entry}


async def load_candidates(campaign: Campaign, album: Album) -> None:
    """Everybody who may be voted for in the campaign, inside the caller's transaction."""
    windows = timeline_of(campaign)
    nominated, shown = windows.window(StageKind.NOMINATION), windows.window(StageKind.CANDIDATES)
    assert nominated and shown  # noqa: S101 - every campaign of the demonstration has both
    for place, entry in enumerate(candidates_of(campaign.slug)):
        sent_at = nominated.start + (nominated.end - nominated.start) * (place + 1) / 20
        papers = await _papers(campaign, entry, sent_at, place, NominationState.APPROVED)
        await _approved(papers, sent_at + timedelta(days=2), album, entry)
        await _granted(papers, sent_at)
        await _candidate(campaign, entry, papers, shown.start, album)


async def load_queue(campaign: Campaign, calendar: Calendar, album: Album) -> int:
    """Papers that wait for a moderator or for an answer; how many."""
    entries = [
        each for each in read("nominations")["nomination"] if each["campaign"] == campaign.slug
    ]
    for place, entry in enumerate(entries):
        sent_at = calendar.before(max(1, len(entries) - place), "10:20")
        papers = await _papers(campaign, entry, sent_at, place, STATES[entry["state"]])
        if "picture" in entry:
            await NominationPhoto.create(
                nomination=papers, picture_id=await album.private(entry["picture"]), position=0
            )
        if entry["state"] != "submitted":
            await _consent(papers, sent_at)
        if entry["state"] == "approved":
            await _decided(papers, DecisionKind.APPROVED, sent_at + timedelta(hours=20))
            await add_candidate(await Nomination.get(id=papers.id).prefetch_related("category"))
        if entry["state"] == "returned":
            reason = words(entry, "reason").zh
            await _decided(papers, DecisionKind.RETURNED, sent_at + timedelta(hours=20), reason)
    return len(entries)


async def _papers(
    campaign: Campaign, entry: Entry, sent_at: datetime, place: int, state: NominationState
) -> Nomination:
    category = next(row for row in campaign.categories if row.slug == entry["category"])
    region = next(row for row in campaign.regions if row.slug == entry["region"])
    decided = state is not NominationState.SUBMITTED
    return await Nomination.create(
        code="".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)),
        campaign=campaign,
        category=category,
        region=region,
        kind=entry["kind"],
        language="zh-Hans",
        name=words(entry, "name").zh,
        gender=entry["gender"] if entry["gender"] in ("m", "f") else "",
        birth_month=entry.get("birth_month", ""),
        occupation=words(entry, "occupation").zh,
        employer=words(entry, "employer").zh,
        one_liner=words(entry, "one_liner").zh,
        summary=words(entry, "summary").zh,
        story=words(entry, "story").zh,
        past_honours="\n".join(
            f"{each['year']} {words(each, 'title').zh}" for each in entry.get("past_honours", [])
        ),
        nominee_contact=f"{entry['id']}@example.org",
        nominator_name=entry.get("nominator_name", NOMINATORS[place % len(NOMINATORS)]),
        nominator_contact=f"nominator-{place + 1}@example.org",
        relation=entry.get("relation", "neighbour"),
        state=state.value,
        submitted_at=sent_at,
        changed_at=sent_at + timedelta(hours=20) if decided else sent_at,
        revision=2 if decided else 1,
        send_key=secrets.token_hex(16),
    )


async def _approved(papers: Nomination, at: datetime, album: Album, entry: Entry) -> None:
    await NominationPhoto.create(
        nomination=papers, picture_id=await album.public(entry["picture"]), position=0
    )
    await _decided(papers, DecisionKind.APPROVED, at)


async def _decided(papers: Nomination, kind: DecisionKind, at: datetime, reason: str = "") -> None:
    await ModerationDecision.create(
        nomination=papers, kind=kind.value, reason=reason, decided_by=MODERATOR, decided_at=at
    )


async def _consent(papers: Nomination, asked_at: datetime) -> UUID:
    consent = await Consent.create(
        nomination=papers,
        digest=digest(random_secret()),
        state=ConsentState.REQUESTED.value,
        requested_at=asked_at,
        expires_at=asked_at + CONSENT_LIFE,
    )
    return consent.id


async def _granted(papers: Nomination, asked_at: datetime) -> None:
    await Consent.filter(id=await _consent(papers, asked_at)).update(
        state=ConsentState.GRANTED.value,
        how=How.LINK.value,
        recorded_by="nominee",
        decided_at=asked_at + timedelta(days=1),
    )


async def _candidate(
    campaign: Campaign, entry: Entry, papers: Nomination, shown_at: datetime, album: Album
) -> None:
    bilingual = ("name", "occupation", "employer", "one_liner", "summary", "story")
    written: dict[str, Any] = {name: words(entry, name) for name in bilingual}
    candidate = await Candidate.create(
        campaign=campaign,
        category_id=papers.category_id,
        region_id=papers.region_id,
        nomination=papers,
        number=int(entry["number"]),
        state=CandidateState.PUBLISHED.value,
        kind=entry["kind"],
        gender=papers.gender,
        birth_month=papers.birth_month,
        **written,
        portrait_id=await album.public(entry["picture"]),
        portrait_alt=words(entry, "picture_alt"),
        past_honours=[dict(each) for each in entry.get("past_honours", [])],
        facts=[dict(each) for each in entry.get("facts", [])],
        published_at=shown_at,
    )
    for position, photo in enumerate(entry.get("photos", [])):
        await CandidatePhoto.create(
            candidate=candidate,
            picture_id=await album.public(photo["file"]),
            position=position,
            alt=words(photo, "alt"),
            caption=words(photo, "caption"),
        )
