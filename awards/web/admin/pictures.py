"""Pictures that editors send: taken in at once, so that a form with a mistake need not send them
again. The form carries a signed note of what was kept.
"""

from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request

from awards.errors import Invalid
from awards.i18n import mark as _
from awards.media.actions import Prepared, prepare_picture
from awards.media.store import open_store
from awards.signing import BadSignature, serializer

KEPT_FOR = 24 * 3600


async def prepared(request: Request, sent: object) -> Prepared | None:
    """The picture of a file field, checked and re-encoded; None when no file was chosen."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    store = open_store(request.app.state.config.storage)
    return await prepare_picture(await sent.read(), store=store)


def picture_missing(field: str) -> Invalid:
    """The objection to a form for one picture that came without it."""
    return Invalid("picture.missing", _("Please choose a picture."), field=field)


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
