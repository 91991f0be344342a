"""Sites where people sign in, as settings name them, and when they can't be reached."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from awards.accounts.providers import Away, Providers, providers_of
from awards.accounts.providers.oidc import Client, Metadata, OpenId, key_set, metadata_of
from awards.accounts.providers.wechat import App, WeChat
from awards.config import Config
from awards.errors import Refused
from awards.outbound import Outbound
from tests.fakes.openid import key

CLIENT = Client("https://id.example.org/realms/city", "haoren", "s/cret")
SAID = {
    "issuer": CLIENT.issuer,
    "authorization_endpoint": "https://id.example.org/authorize",
    "token_endpoint": "https://id.example.org/token",
    "jwks_uri": "https://keys.example.org/keys",
}
Handler = Callable[[httpx.Request], httpx.Response]


def providers(tmp_path: Path, **settings: Any) -> Providers:
    return providers_of(Config(data_dir=tmp_path, **settings))


def test_none_is_there_until_it_is_set_up(tmp_path: Path) -> None:
    assert providers(tmp_path) == {}


def test_settings_name_them(tmp_path: Path) -> None:
    found = providers(
        tmp_path,
        oidc_url="https://haoren:s%2Fcret@id.example.org/realms/city?name=望河通&inside=yes",
        wechat_account="wx01:secret1",
        wechat_website="wx02:secret2",
    )
    unnamed = providers(tmp_path, oidc_url="https://haoren@id.example.org:8443/")

    assert [each.title for each in found.values()] == ["望河通", ""]
    assert [found["wechat"].door(each) for each in ("x MicroMessenger/8", "x")] == [
        "account", "website",
    ]  # fmt: skip
    assert unnamed["oidc"].title == "id.example.org"


def test_the_issuer_is_what_remains_of_the_address() -> None:
    city = urlsplit("https://haoren:s%2Fcret@id.example.org/realms/city?name=x")
    public = urlsplit("https://a%20b@id.example.org:8443/")

    assert Client.of(city) == CLIENT
    assert Client.of(public) == Client("https://id.example.org:8443/", "a b")


def test_a_provider_says_how_it_wants_to_be_asked() -> None:
    posted = {**SAID, "token_endpoint_auth_methods_supported": ["client_secret_post"]}
    odd = {**SAID, "token_endpoint_auth_methods_supported": "client_secret_post"}
    named = {**SAID, "authorization_response_iss_parameter_supported": True}
    public = Client(CLIENT.issuer, "haoren")

    assert [made(said).auth_method for said in (SAID, posted, odd)] == [
        "client_secret_basic", "client_secret_post", "client_secret_basic",
    ]  # fmt: skip
    assert (made(SAID).names_itself, made(named).names_itself) == (False, True)
    assert made(SAID, public).auth_method == "none"
    assert metadata_of({**SAID, "issuer": CLIENT.issuer + "/"}, CLIENT) is None
    assert metadata_of({**SAID, "jwks_uri": "http://keys.example.org"}, CLIENT) is None
    assert metadata_of({}, CLIENT) is None


def made(said: Mapping[str, object], client: Client = CLIENT) -> Metadata:
    found = metadata_of(said, client)
    assert found
    return found


@pytest.mark.parametrize("written", [None, [], "keys", 7, {"kty": "RSA"}, [None, "x", {}, []]])
def test_odd_keys_are_none(written: object) -> None:
    assert not key_set({"keys": written})


def test_of_a_provider_s_keys_those_count_that_sign_for_all() -> None:
    good = key("first").as_dict(private=False)
    others: list[dict[str, object]] = [
        {"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZg", "kid": "shared"},
        {**key("second").as_dict(private=False), "use": "enc"},
        {"kty": "AKP", "alg": "ML-DSA-65", "pub": "AAAA"},
        {"kty": "RSA", "n": "x"},
    ]

    assert [each.kid for each in key_set({"keys": [*others, good]})] == ["first"]


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no")


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no")


@pytest.mark.parametrize("handler", [unreachable, silent])
async def test_one_that_can_not_be_reached_is_away(handler: Handler) -> None:
    outbound = Outbound(transport=httpx.MockTransport(handler))
    wechat = WeChat({"website": App("wx01", "secret")}, outbound)

    with pytest.raises(Away):
        await OpenId(CLIENT, outbound).depart("", state="s", back="https://haoren.test/x")
    with pytest.raises(Away):
        await wechat.arrive({"door": "website"}, {"code": "c"}, back="")


async def test_a_door_that_was_taken_away_is_closed() -> None:
    def asked(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is asked")

    outbound = Outbound(transport=httpx.MockTransport(asked))
    with pytest.raises(Refused) as refused:
        await WeChat({"account": App("wx01", "secret")}, outbound).arrive(
            {"door": "website"}, {"code": "c"}, back=""
        )

    assert refused.value.code == "sign_in.away"


async def test_nobody_is_asked_in_our_own_network_unless_it_is_said() -> None:
    """As settings make it without `inside`: the way out checks every address."""
    for issuer in ("https://127.0.0.1:1", "https://localhost:1", "https://[::1]:1"):
        with pytest.raises(Away):
            await OpenId(Client(issuer, "x"), Outbound()).depart("", state="s", back="b")
