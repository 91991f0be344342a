"""Text of the award in both languages, as its editors wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Words:
    """The same words in Chinese and in English. Either may be missing; the other then stands in."""

    zh: str = ""
    en: str = ""

    @classmethod
    def of(cls, value: "Words | Mapping[str, str] | str | None") -> Self:
        """From a mapping with `zh` and `en`, or from one text, which is taken as Chinese."""
        if isinstance(value, Words):
            return cls(value.zh, value.en)
        if isinstance(value, Mapping):
            return cls(value.get("zh", ""), value.get("en", ""))
        return cls(value or "")

    @classmethod
    def written(cls, text: str, language: str) -> Self:
        """One person's text, in the language of the page where they wrote it."""
        return cls(en=text) if language == "en" else cls(zh=text)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def best(self, language: str) -> tuple[str, str]:
        """The text to show to a reader, and the language that it is in."""
        own, other = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        if own or not other:
            return own, language
        return other, "zh-Hans" if language == "en" else "en"

    def as_json(self) -> dict[str, str]:
        """What the database keeps."""
        return {"zh": self.zh, "en": self.en}
