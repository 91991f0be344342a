"""Text messages through Alibaba Cloud (阿里云短信): Dysmsapi SendSms, by ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

import httpx

from awards import clock
from awards.notifications.models import Letter
from awards.notifications.outcomes import Later, Trouble, Undeliverable
from awards.outbound import Answer

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
HOME = "+86"
REFUSED = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
}
"""The number is none, or takes no more now."""
BUSY = {"isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "isp.UNKNOWN", "ServiceUnavailable"}


@dataclass(frozen=True)
class Aliyun:
    """An account, and the signature and template that it was granted."""

    key: str
    secret: str
    host: str
    sign: str
    template: str
    knows_repeats: ClassVar[bool] = False

    def request(self, letter: Letter) -> httpx.Request:
        query = {
            "PhoneNumbers": letter.address.removeprefix(HOME).removeprefix("+"),
            "SignName": self.sign,
            "TemplateCode": self.template,
            "TemplateParam": json.dumps({"code": letter.code}),
        }
        headers = {
            "host": self.host,
            "x-acs-action": ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": secrets.token_hex(16),
            "x-acs-version": VERSION,
        }
        proof = authorization(self.key, self.secret, query=query, headers=headers)
        url = f"https://{self.host}/?{canonical_query(query)}"
        return httpx.Request("POST", url, headers={**headers, "authorization": proof})

    def judge(self, answer: Answer) -> None:
        code = str(answer.fields.get("Code", f"HTTP {answer.status}"))
        if answer.status == 200 and code == "OK":
            return
        if code in REFUSED:
            raise Undeliverable(code)
        if code in BUSY or code.startswith("Throttling") or answer.status >= 500:
            raise Later(code)
        raise Trouble(code)


def authorization(
    key: str, secret: str, *, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """The header that signs a POST to `/` without a body, and every other header here given."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    body = headers["x-acs-content-sha256"]
    asked = "\n".join(["POST", "/", canonical_query(query), lines, names, body])
    text = f"{ALGORITHM}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex()
    return f"{ALGORITHM} Credential={key},SignedHeaders={names},Signature={signature}"


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted, and every sign but letters, digits and -_.~ written as its bytes."""
    return "&".join(f"{quote(k, safe='~')}={quote(query[k], safe='~')}" for k in sorted(query))
