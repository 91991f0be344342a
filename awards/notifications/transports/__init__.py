"""Ways out for letters, chosen by `AWARDS_MAIL_URL`, and for text messages, chosen by
`AWARDS_SMS_URL`. One module a way.
"""

from urllib.parse import SplitResult, parse_qs, unquote, urlsplit, urlunsplit

import httpx

from awards.notifications.actions import Send
from awards.notifications.transports.aliyun import Aliyun
from awards.notifications.transports.folder import texts_to_folder, to_folder
from awards.notifications.transports.gateway import Gateway, to_gateway
from awards.notifications.transports.signed_http import SignedHttp
from awards.notifications.transports.smtp import to_server
from awards.notifications.transports.tencent import Tencent
from awards.outbound import Outbound


def transport(mail_url: str, sender: str) -> Send:
    """The way out that the setting names."""
    if urlsplit(mail_url).scheme == "file":
        return to_folder(mail_url.removeprefix("file://"), sender)
    return to_server(mail_url, sender)


def text_transport(sms_url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> Send:
    """The way out for text messages that the setting names. `transport` is for tests."""
    url = urlsplit(sms_url)
    if url.scheme == "file":
        return texts_to_folder(sms_url.removeprefix("file://"))
    said = {name: values[-1] for name, values in parse_qs(url.query).items()}
    inside = said.pop("inside", "") == "yes"
    return to_gateway(_gateway(url, said), Outbound(inside=inside, transport=transport))


def _gateway(url: SplitResult, said: dict[str, str]) -> Gateway:
    key, secret = unquote(url.username or ""), unquote(url.password or "")
    host = url.netloc.rpartition("@")[2]
    if url.scheme == "aliyun":
        return Aliyun(key, secret, host, **said)
    if url.scheme == "tencent":
        return Tencent(key, secret, host, **said)
    return SignedHttp(urlunsplit((url.scheme, host, url.path, "", "")), key, secret)
