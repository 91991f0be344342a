"""Other sites where people sign in, and so prove to be one person.

A browser is sent there and comes back with a code, which we exchange for the name of the account.
We ask for nothing else, and keep nothing of it but a keyed digest.
"""

from urllib.parse import parse_qs, urlsplit

from awards.accounts.providers.oidc import Client, OpenId
from awards.accounts.providers.provider import Departure, Provider
from awards.accounts.providers.refusals import Away, astray, denied, spent
from awards.accounts.providers.wechat import ACCOUNT, WEBSITE, App, WeChat
from awards.config import Config
from awards.outbound import Outbound

Providers = dict[str, Provider]


def providers_of(config: Config) -> Providers:
    """The sites that the operator has set up, by the name of their channel."""
    found: Providers = {}
    if "oidc" in config.equipment:
        url = urlsplit(config.oidc_url)
        said = parse_qs(url.query, keep_blank_values=True)
        outbound = Outbound(inside="inside" in said or url.scheme == "http")
        found["oidc"] = OpenId(Client.of(url), outbound, title=said.get("name", [""])[0])
    if "wechat" in config.equipment:
        written = {ACCOUNT: config.wechat_account, WEBSITE: config.wechat_website}
        apps = {door: App(*text.split(":")) for door, text in written.items() if text}
        found["wechat"] = WeChat(apps, Outbound())
    return found


__all__ = [
    "Away", "Departure", "Provider", "Providers", "astray", "denied", "providers_of", "spent",
]  # fmt: skip
