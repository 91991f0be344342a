"""What the program writes down about itself: one line an event, never anybody's words or addresses.

structlog's own console shows the local variables of a traceback, and those hold what people typed.
"""

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback


def configure_logs(*, is_development: bool) -> None:
    """Lines to read in development, JSON elsewhere; tracebacks without variables in both."""
    renderer = (
        [ConsoleRenderer(exception_formatter=plain_traceback)]
        if is_development
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderer,
        ]
    )
