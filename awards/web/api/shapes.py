"""The shapes of what programs send: an unknown member or a wrong type is refused, never guessed."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from awards.errors import Invalid
from awards.i18n import mark as _
from awards.i18n import translate

JSON = "application/json"
MOST_CHOICES = 1000
NO_DAY = _("it has to be a day such as 2026-11-23")
REASONS = {
    "missing": _("it is missing"),
    "extra_forbidden": _("there is no such member"),
    "model_type": _("it has to be an object"),
    "string_type": _("it has to be text"),
    "string_too_long": _("it is too long"),
    "string_unicode": _("it has to be text"),
    "list_type": _("it has to be a list"),
    "too_long": _("it has too many entries"),
    "int_type": _("it has to be a whole number"),
    "int_parsing_size": _("it has to be a whole number"),
    "date_type": NO_DAY,
    "date_parsing": NO_DAY,
    "date_from_datetime_parsing": NO_DAY,
    "date_from_datetime_inexact": NO_DAY,
}
"""What pydantic finds, by its names for it: its own sentences are English alone."""
MISFIT = _("it does not fit")


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CodeShape(Shape):
    """A printed code."""

    code: Annotated[str, StringConstraints(max_length=100)]


class BallotShape(Shape):
    """A vote: candidate numbers, and the day of the form where votes are counted by the day."""

    choices: Annotated[list[int], Field(max_length=MOST_CHOICES)]
    day: date | None = None
    slot: int = 1


S = TypeVar("S", bound=Shape)


async def read_shape(request: Request, shape: type[S]) -> S:
    """The JSON body in this shape. Raises 415, 400, or `Invalid` that names the member."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415)
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise HTTPException(400) from None
        raise Invalid(
            "request.invalid",
            _("The member {member} of the request is not right: {reason}."),
            member=".".join(str(part) for part in first["loc"]) or "body",
            reason=translate(REASONS.get(first["type"], MISFIT)),
        ) from None
