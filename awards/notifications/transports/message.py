"""A letter as a MIME message, the same for every transport."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from awards.notifications.models import Letter


def message(letter: Letter, sender: str) -> EmailMessage:
    """Plain text first, HTML as the alternative. The id makes a second sending recognisable.

    Raises `ValueError` for an address that is not exactly one.
    """
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, Address(addr_spec=letter.address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    return mail


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
