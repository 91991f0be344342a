"""Photos that travel with a form: what was fine is kept at once, so that it is sent only once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from awards.config import Config
from awards.errors import NotFound, Refused
from awards.i18n import translate as _
from awards.media.queries import find_picture
from awards.media.store import open_store
from awards.nominations.actions import keep_photo
from awards.nominations.rules import MOST_PHOTOS
from awards.signing import serializer
from awards.web.csrf import Stash
from awards.web.forms import said
from awards.web.guards import source

KEPT_FOR = 7 * 24 * 3600
MOST_KEPT = 2 * MOST_PHOTOS
"""Of too many photos so many are kept to choose from."""


@dataclass(frozen=True)
class Kept:
    """A photo in the store, and the signed value by which the form names it."""

    picture: Any
    token: str


@dataclass
class Photos:
    """The photos of one form: what is kept, and what was wrong with the others."""

    kept: list[Kept] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[UUID]:
        return [each.picture.id for each in self.kept]


async def take_photos(request: Request, name: str) -> Photos:
    """The photos that the form names as kept (without those taken off), then the new files: of each
    source only so many, since they are taken in before anything else is known of the form.
    """
    form = await request.form()
    photos = Photos(await _named(form, request.app.state.config))
    files = [each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename]
    room = max(0, MOST_KEPT - len(photos.kept))
    for file in files[:room]:
        await _take(request, file, photos)
    if len(files) > room:
        photos.wrong.append(_("{n} photos were left out.").format(n=len(files) - room))
    return photos


async def keep_sent(request: Request) -> Stash:
    """The photos of a form that came too late, kept so that they are not chosen again."""
    photos = await take_photos(request, "photos")
    return Stash("kept", [each.token for each in photos.kept], photos.wrong)


def kept_photos(pictures: Iterable[Any], config: Config) -> Photos:
    """Photos that are there already, for a form that starts with them."""
    return Photos([_signed(picture, config) for picture in pictures])


async def _take(request: Request, file: UploadFile, photos: Photos) -> None:
    config = request.app.state.config
    try:
        await request.app.state.codes.throttle.ask("photo.source", source(request))
        picture = await keep_photo(await file.read(), store=open_store(config.storage))
    except Refused as refused:
        sentence = said(refused)
        photos.wrong.append(_("“{file}”: {sentence}").format(file=file.filename, sentence=sentence))
    else:
        photos.kept.append(_signed(picture, config))


async def _named(form: FormData, config: Config) -> list[Kept]:
    dropped = form.getlist("dropped")
    found: dict[str, Kept] = {}
    for token in form.getlist("kept"):
        if not isinstance(token, str) or token in dropped:
            continue
        try:
            hexed = str(_serializer(config).loads(token, max_age=KEPT_FOR))
            found.setdefault(hexed, Kept(await find_picture(UUID(hexed)), token))
        except (BadSignature, NotFound):
            continue
    return list(found.values())


def _signed(picture: Any, config: Config) -> Kept:
    return Kept(picture, str(_serializer(config).dumps(picture.id.hex)))


def _serializer(config: Config) -> Any:
    return serializer(config.signing_keys, "nomination_photo")
