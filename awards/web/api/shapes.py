"""The shapes of what programs send: an unknown member or a wrong type is refused, never guessed."""

from datetime import date
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from awards.errors import Invalid
from awards.i18n import mark as _

JSON = "application/json"
MOST_CHOICES = 1000


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
            reason=first["msg"],
        ) from None
