"""Columns of our own."""

from typing import Any

from tortoise.fields import JSONField

from awards.words import Words


class WordsField(JSONField[Words]):
    """`Words` as a JSON object, never null."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", Words)
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: Any) -> str | None:
        return super().to_db_value(Words.of(value).as_json(), instance)

    def to_python_value(self, value: Any) -> Any:
        kept: Any = super().to_python_value(value) if isinstance(value, str) else value
        return Words.of(kept)
