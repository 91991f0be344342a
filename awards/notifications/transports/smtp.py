"""Letters over SMTP: smtp:// (STARTTLS where offered) or smtps://."""

from urllib.parse import unquote, urlsplit

import aiosmtplib

from awards.notifications.actions import Send
from awards.notifications.models import Letter
from awards.notifications.transports.message import message

TIMEOUT = 20


def to_server(mail_url: str, sender: str) -> Send:
    """One connection a letter: awards send few, and each failure is then its own."""
    url = urlsplit(mail_url)
    # A password is never sent in clear; without one, STARTTLS is used where it is offered.
    must_encrypt = True if url.username and url.scheme == "smtp" else None

    async def send(letter: Letter) -> None:
        await aiosmtplib.send(
            message(letter, sender),
            hostname=url.hostname,
            port=url.port or (465 if url.scheme == "smtps" else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            start_tls=must_encrypt,
            timeout=TIMEOUT,
        )

    return send
