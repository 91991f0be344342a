"""What a rule or an action answers when it may not be done. Everything else that goes wrong is a
bug.
"""

from awards.i18n import mark as _


class Refused(Exception):
    """A refusal with a stable code and a message for the person who asked.

    `message` is an English source text with `{name}` places that `values` fill when it is shown, in
    the reader's
    language. `field` names the form field to blame, if there is one.
    """

    def __init__(self, code: str, message: str, /, *, field: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.values = values


class NotFound(Refused):
    """There is no such thing, or none that this person may know of."""

    def __init__(self, code: str = "not_found", message: str = "") -> None:
        super().__init__(code, message or _("There is no such page."))


class Forbidden(Refused):
    """The actor lacks the role."""

    def __init__(self, code: str = "forbidden", message: str = "") -> None:
        super().__init__(code, message or _("You need permission to see this page."))


class Unproven(Refused):
    """No valid proof of who asks: a token is missing, forged or expired, a sign-in fails."""


class Conflict(Refused):
    """It clashes with what already stands."""


class Invalid(Refused):
    """What was sent does not fit the rules."""


class TooMany(Refused):
    """Asked too often; `seconds` says when to come back."""

    def __init__(self, code: str, message: str, /, *, seconds: int, **values: object) -> None:
        super().__init__(code, message, field="", **values)
        self.seconds = seconds


class Busy(Refused):
    """The program can't take more just now; nothing was kept. `seconds` says when to come back."""

    seconds = 2

    def __init__(self) -> None:
        super().__init__(
            "busy", _("Many people are here at once. Wait a few seconds, then press again.")
        )
