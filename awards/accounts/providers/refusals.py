"""Why a sign-in elsewhere proves nothing, and what to do then."""

from awards.errors import Busy, Refused, Unproven
from awards.i18n import mark as _


class Away(Busy):
    """The other site can't be reached, or refuses us. Nothing was kept."""

    seconds = 30

    def __init__(self) -> None:
        Refused.__init__(
            self,
            "sign_in.away",
            _(
                "The site where you sign in can’t be used just now. Please try again in a minute, "
                "or choose another way."
            ),
        )


def denied() -> Unproven:
    """Whoever was asked there said no, or went back."""
    return Unproven(
        "sign_in.denied",
        _("You did not finish signing in there, so nothing was recorded. You can begin again."),
    )


def astray() -> Unproven:
    """It did not begin in this browser, or too long ago."""
    return Unproven(
        "sign_in.astray",
        _(
            "This sign-in did not begin in this browser, or it took longer than 15 minutes. "
            "Please begin again."
        ),
    )


def spent() -> Unproven:
    """What came back serves once."""
    return Unproven(
        "sign_in.spent", _("This sign-in was used already, or has run out. Please begin again.")
    )


def untrue() -> Unproven:
    """What came back is not what the other site says to us, of this person, now."""
    return Unproven(
        "sign_in.untrue",
        _(
            "The answer of the site where you signed in could not be checked, so it was not taken. "
            "Please begin again, or choose another way."
        ),
    )


def preview() -> Unproven:
    """WeChat shows the page to an account that it made up for the moment."""
    return Unproven(
        "sign_in.preview",
        _(
            "WeChat shows only a preview of this page. Press “Use full service” at the bottom, "
            "then begin again."
        ),
    )
