"""Which page of a list was asked for."""

from starlette.requests import Request

from awards.errors import NotFound


def page_number(request: Request, pages: int) -> int:
    """`?page=`, from 1. A page that does not exist is not found; text that is no number means the
    first.
    """
    asked = request.query_params.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    if number < 1 or number > max(1, pages):
        raise NotFound()
    return number
