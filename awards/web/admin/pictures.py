"""Pictures that editors send: taken in at once, so that a form with a mistake need not send them
again. The form carries a signed note of what was kept.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from wtforms import FileField, StringField
from wtforms.validators import InputRequired, Length

from awards.errors import Invalid, Refused
from awards.i18n import mark as _
from awards.media.actions import Prepared, prepare_picture
from awards.media.store import open_store
from awards.signing import BadSignature, serializer
from awards.web.admin.bilingual import words_in
from awards.web.errors import status_of
from awards.web.forms import Form, said
from awards.web.forms import lazy as _l
from awards.web.sessions import actor

KEPT_FOR = 24 * 3600


class PhotoForm(Form):
    """One picture for a gallery."""

    picture = FileField(_l("Picture"))
    alt_zh = StringField(
        _l("What the picture shows, in Chinese"), [InputRequired(), Length(max=200)]
    )
    alt_en = StringField(_l("What the picture shows, in English"), [Length(max=300)])
    caption_zh = StringField(_l("Caption in Chinese"), [Length(max=200)])
    caption_en = StringField(_l("Caption in English"), [Length(max=300)])


async def hang(
    request: Request, form: PhotoForm, add: Callable[..., Awaitable[object]]
) -> int | None:
    """Add the form's picture to a gallery. None when it hangs there; else the status of what the
    form now says.
    """
    if not form.validate():
        return 422
    try:
        picture = await _prepared(request, form.picture.data)
        if picture is None:
            raise Invalid("picture.missing", _("Please choose a picture."), field="picture")
        await add(
            by=actor(request),
            prepared=picture,
            alt=words_in(form, "alt"),
            caption=words_in(form, "caption"),
        )
    except Refused as refused:
        blame_picture(form, refused, "picture")
        return status_of(refused)
    return None


async def kept_picture(
    request: Request,
    form: Form,
    name: str,
    *,
    keep: Callable[..., Awaitable[Any]],
    before: UUID | None,
) -> UUID | None:
    """The one picture of an article or a winner, as the file `name` and the fields `name_note` and
    `name_off` say: sent now, sent before, or the one that stands. Raises what is wrong with it.
    """
    note, off = form[f"{name}_note"], form[f"{name}_off"]
    sent = await _prepared(request, form[name].data)
    if sent is not None:
        off.data = False
        kept = await keep(by=actor(request), prepared=sent)
        note.data = note_of(request, kept.id)
        return UUID(str(kept.id))
    return None if off.data else noted(request, note.data) or before


def blame_picture(form: Form, refused: Refused, field: str) -> None:
    """A refusal of a picture names no field: it is the file's."""
    if refused.code.startswith("photo."):
        form[field].errors = [*form[field].errors, said(refused)]
    else:
        form.blame(refused)


async def _prepared(request: Request, sent: object) -> Prepared | None:
    """The picture of a file field, checked and re-encoded; None when no file was chosen."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    store = open_store(request.app.state.config.storage)
    return await prepare_picture(await sent.read(), store=store)


def note_of(request: Request, picture: UUID | None) -> str:
    """What the form carries of a picture that is kept already."""
    return str(_notes(request).dumps(picture.hex)) if picture else ""


def noted(request: Request, note: str | None) -> UUID | None:
    """The picture that the note names. Only ours counts: it must not publish just any picture."""
    try:
        return UUID(_notes(request).loads(note or "", max_age=KEPT_FOR))
    except BadSignature:
        return None


def _notes(request: Request):  # type: ignore[no-untyped-def]
    return serializer(request.app.state.config.signing_keys, "upload")
