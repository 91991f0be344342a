"""Text messages through Tencent Cloud (腾讯云短信): SendSms, signed by TC3-HMAC-SHA256."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import httpx

from awards import clock
from awards.notifications.models import Letter
from awards.notifications.outcomes import Later, Trouble, Undeliverable
from awards.outbound import Answer

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE, ACTION, VERSION = "sms", "SendSms", "2021-01-11"
JSON = "application/json; charset=utf-8"
REFUSED = {
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
    "LimitExceeded.PhoneNumberDailyLimit",
    "LimitExceeded.PhoneNumberOneHourLimit",
    "LimitExceeded.PhoneNumberThirtySecondLimit",
    "LimitExceeded.PhoneNumberSameContentDailyLimit",
}
"""The number is none, or takes no more now."""
BUSY = ("InternalError", "RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit")


@dataclass(frozen=True)
class Tencent:
    """An account, its application, and the signature and template that it was granted."""

    key: str
    secret: str
    host: str
    app: str
    sign: str
    template: str
    region: str = "ap-guangzhou"
    knows_repeats: ClassVar[bool] = False

    def request(self, letter: Letter) -> httpx.Request:
        body = json.dumps(
            {
                "PhoneNumberSet": [letter.address],
                "SmsSdkAppId": self.app,
                "SignName": self.sign,
                "TemplateId": self.template,
                "TemplateParamSet": [letter.code],
            }
        ).encode()
        now = int(clock.now().timestamp())
        proof = authorization(
            self.key, self.secret, service=SERVICE, host=self.host, body=body, at=now
        )
        headers = {
            "host": self.host,
            "content-type": JSON,
            "authorization": proof,
            "x-tc-action": ACTION,
            "x-tc-version": VERSION,
            "x-tc-region": self.region,
            "x-tc-timestamp": str(now),
        }
        return httpx.Request("POST", f"https://{self.host}/", headers=headers, content=body)

    def judge(self, answer: Answer) -> None:
        code = _code(answer)
        if answer.status == 200 and code == "Ok":
            return
        if code in REFUSED:
            raise Undeliverable(code)
        if code.startswith(BUSY) or answer.status >= 500:
            raise Later(code)
        raise Trouble(code)


def authorization(key: str, secret: str, *, service: str, host: str, body: bytes, at: int) -> str:
    """The header that signs a POST of JSON to `/`, at this second."""
    names = "content-type;host"
    lines = f"content-type:{JSON}\nhost:{host}\n"
    asked = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    text = f"{ALGORITHM}\n{at}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    signing = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        signing = hmac.digest(signing, part.encode(), hashlib.sha256)
    signature = hmac.digest(signing, text.encode(), hashlib.sha256).hex()
    return f"{ALGORITHM} Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"


def _code(answer: Answer) -> str:
    """What became of the whole, or else of the one number in it."""
    said = answer.fields.get("Response")
    if not isinstance(said, dict):
        return f"HTTP {answer.status}"
    if isinstance(said.get("Error"), dict):
        return str(said["Error"].get("Code"))
    each = said.get("SendStatusSet")
    return str(each[0].get("Code")) if isinstance(each, list) and each else "no status"
