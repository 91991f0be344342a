"""Ways out for letters, chosen by `AWARDS_MAIL_URL`. One module a way."""

from urllib.parse import urlsplit

from awards.notifications.actions import Send
from awards.notifications.transports.folder import to_folder
from awards.notifications.transports.smtp import to_server


def transport(mail_url: str, sender: str) -> Send:
    """The way out that the setting names."""
    if urlsplit(mail_url).scheme == "file":
        return to_folder(mail_url.removeprefix("file://"), sender)
    return to_server(mail_url, sender)
