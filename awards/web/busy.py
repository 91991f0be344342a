"""What a voter sees when the ballot box is full. It is written beforehand: to say “not now” must
cost nothing just then. The vote travels with it, so that one press sends it again.
"""

from collections.abc import Mapping, Sequence
from html import escape

from jinja2 import Environment

from awards.errors import Busy
from awards.i18n import DEFAULT, LANGUAGES, speaking

KEPT = ("csrf_token", "choice", "candidate", "day", "slot")
"""The fields of a vote; nothing else that was sent comes back."""
MOST_FIELDS = 200
ACTION, FIELDS = "\ue000", "\ue001"
"""Stand in the template for what each voter brings."""
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class BusyPages:
    """The page in every language, cut where the vote goes in."""

    def __init__(self, environment: Environment) -> None:
        self._parts = {tag: _written(environment, tag) for tag in LANGUAGES}
        self._headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"retry-after", b"%d" % Busy().seconds),
        ]

    def answer(self, language: str, *, action: str, form: Mapping[str, Sequence[str]]) -> Answer:
        """503, when to come again, and the page. The sender adds what every answer has."""
        return 503, self._headers, self.page(language, action=action, form=form)

    def page(self, language: str, *, action: str, form: Mapping[str, Sequence[str]]) -> bytes:
        """The page for somebody who sent this form to this address."""
        start, middle, end = self._parts.get(language) or self._parts[DEFAULT]
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name in KEPT
            for value in form.get(name, ())[:MOST_FIELDS]
        )
        return (start + escape(action) + middle + fields + end).encode("utf-8", "replace")


def _written(environment: Environment, tag: str) -> tuple[str, str, str]:
    with speaking(tag):
        html = environment.get_template("errors/busy.html").render(
            language=tag, action=ACTION, fields=FIELDS
        )
    start, _place, rest = html.partition(ACTION)
    middle, _place, end = rest.partition(FIELDS)
    return start, middle, end
