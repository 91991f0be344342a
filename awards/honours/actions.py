"""Honouring: a winner by the published result gets a page, which is written, shown, and read."""

from datetime import date
from uuid import UUID

from tortoise.expressions import F

from awards import clock
from awards.actor import Actor
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound
from awards.honours.models import Honour, Profile, ProfilePhoto
from awards.honours.queries import HONOURERS, find_profile, find_winner, has_consent
from awards.honours.rules import (
    MOST_PHOTOS,
    HonourText,
    ProfileText,
    alt_missing,
    consent_objection,
    honour_objection,
)
from awards.i18n import mark as _
from awards.media.actions import Prepared, keep_picture, publish_picture
from awards.media.models import Picture
from awards.nominations.models import Candidate
from awards.views import ViewCounter
from awards.words import Words

profile_views = ViewCounter()
"""Reads of winners' pages in this process that the database does not know yet."""


async def create_profile(
    *,
    by: Actor,
    candidate: UUID,
    conferred_on: date,
    title: Words | None = None,
    citation: Words | None = None,
    acceptance: Words | None = None,
    slug: str = "",
) -> Profile:
    """Confer the campaign's title: begin a winner's page with what the candidate's page says."""
    winner, line = await find_winner(candidate)
    by.require(*HONOURERS, campaign=winner.campaign_id)
    if no := honour_objection(result_is_public=line is not None, won=line is not None and line.won):
        raise no
    campaign = winner.campaign
    title = title or campaign.title
    async with in_transaction():
        if await Profile.exists(candidate_id=winner.id):
            raise Conflict("honour.exists", _("This person has a winner’s page already."))
        profile = await Profile.create(
            slug=slug or f"{campaign.slug[:50]}-{winner.number}",
            campaign=campaign,
            candidate=winner,
            name=winner.name,
            title=title,
            region=winner.region.title if winner.region else Words(),
            occupation=winner.occupation,
            line=winner.one_liner,
            citation=citation or Words(),
            story=winner.story,
            acceptance=acceptance or Words(),
            portrait_id=winner.portrait_id,
            portrait_alt=winner.portrait_alt,
            conferred_on=conferred_on,
            position=winner.number,
        )
        await _take_over(profile, winner)
        await Honour.create(
            profile=profile,
            title=title,
            issuer=campaign.host,
            conferred=conferred_on.isoformat(),
            is_top=True,
        )
        await record(by=by, action="profile.created", subject=f"profile:{profile.id}")
    return profile


async def _take_over(profile: Profile, winner: Candidate) -> None:
    """The candidate's gallery and earlier honours."""
    for photo in winner.photos:
        await ProfilePhoto.create(
            profile=profile,
            picture_id=photo.picture_id,
            position=photo.position,
            alt=photo.alt,
            caption=photo.caption,
        )
    for earlier in winner.past_honours:
        await Honour.create(
            profile=profile,
            title=Words.of(earlier.get("title")),  # type: ignore[arg-type]
            issuer=Words.of(earlier.get("issuer")),  # type: ignore[arg-type]
            conferred=str(earlier.get("year", "")),
        )


async def edit_profile(*, by: Actor, slug: str, text: ProfileText) -> Profile:
    """Change what a winner's page says; one that is public stays so."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    is_public = profile.published_at is not None
    if no := text.publication_objection() if is_public else text.objection():
        raise no
    columns = {**vars(text), "portrait_id": text.portrait}
    del columns["portrait"]
    profile.update_from_dict(columns)
    async with in_transaction():
        await profile.save()
        if is_public:
            await _publish_pictures(profile)
        await record(by=by, action="profile.edited", subject=f"profile:{profile.id}")
    return profile


async def publish_profile(*, by: Actor, slug: str) -> Profile:
    """Show a winner's page to everybody. Publishing it again changes nothing."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    granted = await has_consent(profile.candidate)
    if no := consent_objection(granted=granted) or _text_of(profile).publication_objection():
        raise no
    if profile.published_at is None:
        profile.published_at = clock.now()
        async with in_transaction():
            await profile.save(update_fields=["published_at"])
            await _publish_pictures(profile)
            await record(by=by, action="profile.published", subject=f"profile:{profile.id}")
    return profile


async def unpublish_profile(*, by: Actor, slug: str) -> Profile:
    """Take a winner's page back from the public, to work on it."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    if profile.published_at is not None:
        profile.published_at = None
        async with in_transaction():
            await profile.save(update_fields=["published_at"])
            await record(by=by, action="profile.unpublished", subject=f"profile:{profile.id}")
    return profile


async def keep_upload(*, by: Actor, prepared: Prepared) -> Picture:
    """Keep a picture before the text around it is right, so that it need not be sent twice."""
    if not by.roles.intersection(HONOURERS):
        raise Forbidden()
    async with in_transaction():
        return await keep_picture(prepared)


async def add_photo(
    *, by: Actor, slug: str, prepared: Prepared, alt: Words, caption: Words
) -> ProfilePhoto:
    """Add a picture to a winner's gallery."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    if not alt.zh.strip():
        raise alt_missing("alt_zh")
    if len(profile.photos) >= MOST_PHOTOS:
        raise Invalid(
            "profile.too_many_photos",
            _("A winner’s page shows at most {most} pictures."),
            most=MOST_PHOTOS,
        )
    async with in_transaction():
        last = await ProfilePhoto.filter(profile_id=profile.id).order_by("-position").first()
        photo = await ProfilePhoto.create(
            profile=profile,
            picture=await keep_picture(prepared),
            position=last.position + 1 if last else 0,
            alt=alt,
            caption=caption,
        )
        if profile.published_at is not None:
            await publish_picture(photo.picture_id)
        await record(by=by, action="profile.photo_added", subject=f"profile:{profile.id}")
    return photo


async def remove_photo(*, by: Actor, slug: str, photo: UUID) -> None:
    """Take a picture out of a winner's gallery."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    async with in_transaction():
        if not await ProfilePhoto.filter(id=photo, profile_id=profile.id).delete():
            raise NotFound()
        await record(by=by, action="profile.photo_removed", subject=f"profile:{profile.id}")


async def add_honour(*, by: Actor, slug: str, text: HonourText) -> Honour:
    """Put an honour on a winner's ladder."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    if no := text.objection():
        raise no
    async with in_transaction():
        honour = await Honour.create(profile=profile, **vars(text))
        await record(by=by, action="profile.honour_added", subject=f"profile:{profile.id}")
    return honour


async def remove_honour(*, by: Actor, slug: str, honour: UUID) -> None:
    """Take an honour that was written by mistake off the ladder; the one of this award stays."""
    profile = await find_profile(slug, by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    async with in_transaction():
        if not await Honour.filter(id=honour, profile_id=profile.id, is_top=False).delete():
            raise NotFound()
        await record(by=by, action="profile.honour_removed", subject=f"profile:{profile.id}")


async def flush_profile_views() -> None:
    """Write the reads that wait: one statement for each page."""
    taken = profile_views.take()
    if not taken:
        return
    try:
        async with in_transaction():
            for id, reads in sorted(taken.items()):
                await Profile.filter(id=id).update(views=F("views") + reads)
    except BaseException:
        profile_views.put_back(taken)
        raise


def _text_of(profile: Profile) -> ProfileText:
    return ProfileText(
        name=profile.name,
        title=profile.title,
        line=profile.line,
        citation=profile.citation,
        story=profile.story,
        conferred_on=profile.conferred_on,
        portrait=profile.portrait_id,
        portrait_alt=profile.portrait_alt,
    )


async def _publish_pictures(profile: Profile) -> None:
    """Called inside the transaction that shows the page."""
    if profile.portrait_id:
        await publish_picture(profile.portrait_id)
    for photo in profile.photos:
        await publish_picture(photo.picture_id)
