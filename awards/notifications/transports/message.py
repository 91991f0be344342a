"""A letter as a MIME message, the same for every transport."""

from email.message import EmailMessage
from email.utils import format_datetime

from awards.notifications.models import Letter


def message(letter: Letter, sender: str) -> EmailMessage:
    """Plain text first, HTML as the alternative. The id makes a second sending recognisable."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, letter.address, letter.subject
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = f"<{letter.id}@haoren>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    return mail
