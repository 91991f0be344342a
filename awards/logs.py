"""What the program writes down about itself: one line an event, never anybody's words or addresses.

Of an exception that is its kind and where it happened: its text quotes what people typed, and so do
the variables that structlog's own console shows.
"""

import logging
import sys
import traceback

import structlog
from structlog.dev import ConsoleRenderer
from structlog.typing import EventDict, WrappedLogger


def configure_logs(*, is_development: bool) -> None:
    """Lines to read in development, JSON elsewhere; tracebacks without words in both."""
    # It writes down the address of each request: one of our providers wants phone numbers in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            ConsoleRenderer() if is_development else structlog.processors.JSONRenderer(),
        ]
    )


def without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """The exception of an event as the kinds and places of its chain."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = "".join(_chain(error))
    return event


def _chain(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own = [*traceback.format_tb(error.__traceback__), type(error).__qualname__]
    return [*_chain(before), "\nand then:\n", *own] if before else own
