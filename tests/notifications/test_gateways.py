"""Text messages through the three kinds of gateway, against fakes that check each signature."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import structlog
from starlette.responses import JSONResponse, PlainTextResponse, Response

from awards.db import in_transaction
from awards.notifications.actions import GIVE_UP_AFTER, Send, deliver, forget_sent, post_text
from awards.notifications.models import Letter
from awards.notifications.transports import aliyun, tencent, text_transport
from awards.words import Words
from tests.fakes.gateways import Fake, FakeAliyun, FakeHttp, FakeTencent

NUMBER = "+8613812345678"
SIGN = "望河好人"
Post = Callable[..., Awaitable[None]]


def account(fake: Fake) -> str:
    return f"{quote(fake.key, safe='')}:{quote(fake.secret, safe='')}"


def to_aliyun(fake: Fake) -> Send:
    url = f"aliyun://{account(fake)}@dysmsapi.aliyuncs.com?sign={quote(SIGN)}&template=SMS_1"
    return text_transport(url, transport=httpx.ASGITransport(fake))


def to_tencent(fake: Fake) -> Send:
    url = (
        f"tencent://{account(fake)}@sms.tencentcloudapi.com"
        f"?app=1400006666&sign={quote(SIGN)}&template=77"
    )
    return text_transport(url, transport=httpx.ASGITransport(fake))


def to_http(fake: Fake) -> Send:
    url = f"https://{account(fake)}@gateway.example/sms/out"
    return text_transport(url, transport=httpx.ASGITransport(fake))


@pytest.fixture
def posted_text(database: None) -> Post:
    """Put a text message with a code into the outbox."""

    async def post_one(number: str = NUMBER, *, language: str = "zh-Hans") -> None:
        async with in_transaction():
            await post_text(
                notice="vote_code", number=number, key=f"test:{number}", language=language,
                code="012345", title=Words("望河好人", "Good People of Wanghe"),
            )  # fmt: skip

    return post_one


def test_alibabas_published_example_is_signed_as_they_print_it() -> None:
    """“V3 request body & signature mechanism”, fixed parameters: RunInstances."""
    signed = aliyun.authorization(
        "YourAccessKeyId",
        "YourAccessKeySecret",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        headers={
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-version": "2014-05-26",
        },
    )

    assert signed == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@pytest.mark.parametrize(
    ("ending", "signature"),
    [
        ("*******", "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"),
        ("EXAMPLE", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"),
    ],
)
def test_tencents_published_example_is_signed_as_they_print_it(ending: str, signature: str) -> None:
    """“Signature v3”: DescribeInstances, in the Chinese and in the international edition."""
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )

    signed = tencent.authorization(
        f"AKIDz8krbsJ5yKBZQpn74WFkmLPx3{ending}",
        f"Gu5t9xGARNpq86cd98joQYCN3{ending}",
        service="cvm",
        host="cvm.tencentcloudapi.com",
        body=body,
        at=1551113065,
    )

    assert signed == (
        f"TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3{ending}"
        f"/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature={signature}"
    )


async def test_alibaba_takes_what_we_sign(posted_text: Post) -> None:
    fake = FakeAliyun(key="LTAI/+key", secret="s3cr=t&+/ 密")
    await posted_text()
    await posted_text("+85291234567")

    assert await deliver(to_aliyun(fake), way="sms") == 2

    assert fake.complaints == []
    assert fake.arrived[0] == {
        "action": ("SendSms", "2017-05-25"),
        "PhoneNumbers": "13812345678",
        "SignName": SIGN,
        "TemplateCode": "SMS_1",
        "TemplateParam": '{"code": "012345"}',
    }
    assert fake.arrived[1]["PhoneNumbers"] == "85291234567"


async def test_tencent_takes_what_we_sign(posted_text: Post) -> None:
    fake = FakeTencent(key="AKID-key", secret="s3cr=t&+/")
    await posted_text()

    assert await deliver(to_tencent(fake), way="sms") == 1

    assert fake.complaints == []
    assert fake.arrived == [
        {
            "action": ("SendSms", "2021-01-11", "ap-guangzhou"),
            "PhoneNumberSet": [NUMBER],
            "SmsSdkAppId": "1400006666",
            "SignName": SIGN,
            "TemplateId": "77",
            "TemplateParamSet": ["012345"],
        }
    ]


async def test_any_gateway_takes_what_we_sign(posted_text: Post) -> None:
    fake = FakeHttp(secret="s3cr=t&+/")
    await posted_text()
    letter = await Letter.get()

    assert await deliver(to_http(fake), way="sms") == 1

    assert fake.complaints == []
    assert fake.arrived == [
        {
            "id": str(letter.id),
            "to": NUMBER,
            "text": letter.text,
            "code": "012345",
            "language": "zh-Hans",
        }
    ]
    assert "012345" in letter.text and "望河好人" in letter.text


@pytest.mark.parametrize(
    ("fake", "way"),
    [(FakeAliyun(), to_aliyun), (FakeTencent(), to_tencent), (FakeHttp(), to_http)],
)
async def test_a_wrong_key_is_the_operators_trouble(
    fake: Fake, way: Callable[[Fake], Send], posted_text: Post
) -> None:
    """The fakes do refuse: their checks are not made of air."""
    await posted_text()
    send = way(fake)
    fake.secret = "another-secret"

    with structlog.testing.capture_logs() as log:
        assert await deliver(send, way="sms", alarm_to="operator@wanghe.example") == 0

    assert fake.complaints == ["signature"]
    said = {each["event"]: each for each in log}
    assert said["no letters go out"]["log_level"] == "error"
    alarm = await Letter.get(way="mail")
    assert (alarm.address, alarm.notice) == ("operator@wanghe.example", "texts_fail")
    assert alarm.subject.strip() and alarm.text.strip()
    message = await Letter.get(way="sms")
    assert (message.sent_at, message.attempts) == (None, 1)


ALIYUN = [
    ("isv.MOBILE_NUMBER_ILLEGAL", "given up"), ("isv.BUSINESS_LIMIT_CONTROL", "given up"),
    ("isp.SYSTEM_ERROR", "later"), ("Throttling.User", "later"),
    ("isv.AMOUNT_NOT_ENOUGH", "trouble"), ("isv.SMS_TEMPLATE_ILLEGAL", "trouble"),
    ("isp.RAM_PERMISSION_DENY", "trouble"), ("isv.SOMETHING_NEW", "trouble"),
]  # fmt: skip
TENCENT = [
    ("InvalidParameterValue.IncorrectPhoneNumber", "given up"),
    ("LimitExceeded.PhoneNumberDailyLimit", "given up"), ("InternalError.Timeout", "later"),
    ("RequestLimitExceeded", "later"), ("LimitExceeded.DeliveryFrequencyLimit", "later"),
    ("FailedOperation.InsufficientBalanceInSmsPackage", "trouble"),
    ("FailedOperation.TemplateIncorrectOrUnapproved", "trouble"), ("Something.New", "trouble"),
]  # fmt: skip
HTTP = [
    (422, "given up"), (429, "later"), (500, "later"), (503, "later"), (401, "trouble"),
    (402, "trouble"), (404, "trouble"), (302, "trouble"),
]  # fmt: skip
STRANGE = [
    (PlainTextResponse("<html>", 502), "later"), (PlainTextResponse("<html>", 403), "trouble"),
    (JSONResponse([]), "trouble"), (JSONResponse({"Response": {"SendStatusSet": []}}), "trouble"),
    (JSONResponse({"Code": "x\ny" * 900}), "trouble"),
    (JSONResponse({"Response": []}), "trouble"), (JSONResponse({"Code": 7}), "trouble"),
]  # fmt: skip
CASES: list[tuple[Fake, Callable[[Fake], Send], Response, str]] = [
    *((FakeAliyun(), to_aliyun, JSONResponse({"Code": code}), end) for code, end in ALIYUN),
    *((FakeTencent(), to_tencent, FakeTencent().status(code), end) for code, end in TENCENT),
    *((FakeTencent(), to_tencent, FakeTencent().error(code), end) for code, end in TENCENT),
    *((FakeHttp(), to_http, PlainTextResponse("", status), end) for status, end in HTTP),
    *((FakeAliyun(), to_aliyun, response, end) for response, end in STRANGE),
    *((FakeTencent(), to_tencent, response, end) for response, end in STRANGE),
]


@pytest.mark.parametrize(("fake", "way", "answer", "end"), CASES)
async def test_what_a_gateway_says_is_understood(
    fake: Fake, way: Callable[[Fake], Send], answer: Response, end: str, posted_text: Post
) -> None:
    await posted_text()
    fake.answer = answer

    with structlog.testing.capture_logs() as log:
        went_out = await deliver(way(fake), way="sms", alarm_to="operator@wanghe.example")

    message = await Letter.get(way="sms")
    ends = {"given up": (1, GIVE_UP_AFTER, 0), "later": (0, 1, 0), "trouble": (0, 1, 1)}
    alarms = await Letter.filter(way="mail").count()
    assert (went_out, message.attempts, alarms) == ends[end]
    assert message.sent_at is None
    assert (message.address, message.code) == (
        ("", "") if end == "given up" else (NUMBER, "012345")
    )
    assert not any(NUMBER in f"{each}" or "012345" in f"{each}" for each in log)


@pytest.mark.parametrize(
    ("way", "attempts"), [(to_aliyun, GIVE_UP_AFTER), (to_tencent, GIVE_UP_AFTER), (to_http, 1)]
)
async def test_a_message_that_may_have_gone_out_is_paid_for_once(
    way: Callable[[Fake], Send],
    attempts: int,
    posted_text: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Silent(Fake):
        async def __call__(self, *_words: object) -> None:
            raise httpx.ReadTimeout("nothing came")

    await posted_text()

    await deliver(way(Silent()), way="sms")

    assert (await Letter.get()).attempts == attempts


async def test_trouble_of_one_kind_is_told_once_a_day(posted_text: Post) -> None:
    fake = FakeHttp(answer=PlainTextResponse("", 402))
    await posted_text()
    await posted_text("+8613912345678")

    for _round in range(2):
        await deliver(to_http(fake), way="sms", alarm_to="operator@wanghe.example")

    assert await Letter.filter(way="sms", attempts=1).count() == 2
    assert await Letter.filter(way="mail").count() == 1


async def test_each_way_has_its_own_letters(posted: Post, posted_text: Post) -> None:
    sent: list[str] = []

    async def keep(letter: Letter) -> None:
        sent.append(letter.address)

    await posted()
    await posted_text()

    assert (await deliver(keep), sent) == (1, ["li@example.com"])
    assert (await deliver(keep, way="sms"), sent[1:]) == (1, [NUMBER])


async def test_messages_become_files_where_there_is_no_gateway(
    posted_text: Post, tmp_path: Path
) -> None:
    await posted_text(language="en")

    assert await deliver(text_transport(f"file://{tmp_path}/texts"), way="sms") == 1

    [file] = await asyncio.to_thread(list, (tmp_path / "texts").iterdir())
    number, _blank, text = file.read_text().splitlines()
    assert number == NUMBER
    assert text.startswith("012345 is your code to vote for “Good People of Wanghe”")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_message_is_short(posted_text: Post, language: str) -> None:
    """A long one is paid for twice: 70 signs fit into one where Chinese is in it."""
    await posted_text(language=language)

    text = (await Letter.get()).text

    assert "\n" not in text and "http" not in text
    assert len(text) <= (70 if language == "zh-Hans" else 160)


async def test_a_message_that_was_given_up_keeps_nothing(posted_text: Post) -> None:
    await posted_text()
    await deliver(to_http(FakeHttp(answer=PlainTextResponse("", 422))), way="sms")

    row = await Letter.get()

    assert (row.address, row.text, row.code) == ("", "", "")
    assert await forget_sent() == 0
