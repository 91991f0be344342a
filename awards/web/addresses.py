"""What a place in an address may hold. Whatever could name nothing is not found, and never becomes
a question to the database.
"""

import re

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor
from starlette.requests import Request


class NameConvertor(StringConvertor):
    """`{slug}`, `{secret}`: as long as the longest of our names, and no control signs."""

    regex = r"[^/\x00-\x1f\x7f]{1,60}"


class NumberConvertor(IntegerConvertor):
    """`{number:int}`: a number that every column can hold."""

    regex = "[0-9]{1,9}"


def asked_name(request: Request, name: str) -> str:
    """A name after the `?` of an address; nothing where it is none of ours."""
    text = request.query_params.get(name, "")
    return text if re.fullmatch(NameConvertor.regex, text) else ""


def know_places() -> None:
    """Read every address of the map that way."""
    register_url_convertor("str", NameConvertor())
    register_url_convertor("int", NumberConvertor())
