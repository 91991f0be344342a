"""Every setting of the program, read once from the environment. `docs/configuration.md` explains
each.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AWARDS_"
OF_TESTS = "AWARDS_TEST_"
SENDER = re.compile(r"[^@\s]+@[^@\s]+")
APP = re.compile(r"wx\w{2,40}:\w{2,80}", re.ASCII)
COUNTRY = re.compile(r"([1-9]\d{0,2})(?:=(\d{1,8}))?")
GATEWAYS = {
    "aliyun": ({"sign", "template"}, set[str]()),
    "tencent": ({"app", "sign", "template"}, {"region"}),
    "https": (set[str](), {"inside"}),
    "http": ({"inside"}, set[str]()),
}
"""What has to stand behind the ? of a gateway's address, and what may."""
LEAST_KEY = 32
LEAST_SIGNS = 8
MAKE_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class SettingError(Exception):
    """A setting can't be used. The text is one sentence that names it and the remedy."""


class Config(BaseSettings):
    """The settings. Every one but the secret has a usable default; without `base_url` this is
    development.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, extra="ignore"
    )

    data_dir: Path = Field(
        Path(__file__).parents[1] / "var",
        description="Folder of the database, pictures, letters, keys.",
    )
    database_url: str = Field(
        "", description="sqlite:///path or postgresql://user:password@host/name."
    )
    key_dir: Path | None = Field(
        None, description="Folder of the campaign keys; never backed up with data."
    )
    base_url: str = Field("", description="The https address people type; empty means development.")
    secret_keys: str = Field("", description="Signing keys, oldest first, separated by commas.")
    storage_url: str = Field("", description="Where pictures are kept: file:///folder.")
    mail_url: str = Field(
        "", description="smtp://user:password@host:587, smtps://…, or file:///folder."
    )
    mail_from: str = Field("haoren@localhost", description="Sender of every letter.")
    alarm_mail: str = Field("", description="Who is told by letter when something has to be done.")
    sms_url: str = Field(
        "", description="aliyun://…, tencent://…, https://key:secret@host/path, or file:///folder."
    )
    sms_countries: str = Field(
        "86", description="Country codes of phone numbers, with a limit a day: 86,852=200."
    )
    sms_a_day: int = Field(
        2000, ge=0, le=10_000_000, description="Text messages of the whole site in a day."
    )
    sms_an_hour: int = Field(
        500, ge=0, le=10_000_000, description="Text messages of one campaign in an hour."
    )
    oidc_url: str = Field(
        "", description="Where voters may sign in: https://client:secret@host/path?name=…"
    )
    wechat_account: str = Field("", description="WeChat's official account: appid:secret.")
    wechat_website: str = Field("", description="WeChat's website application: appid:secret.")
    ask_votes: int = Field(
        120, ge=0, le=100_000,
        description="Votes of one network in ten minutes before its browsers have to work.",
    )  # fmt: skip
    ask_letters: int = Field(
        1000, ge=0, le=100_000,
        description="Letters of one campaign in ten minutes before browsers have to work for one.",
    )  # fmt: skip
    zone: str = Field("Asia/Shanghai", description="IANA zone in which times are shown.")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is no time zone; use a name such as Asia/Shanghai") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value or _is_path(value, "sqlite://"):
            return value
        url = _server(value, ("postgresql", "postgres", "asyncpg"))
        if url is None or not url.path.strip("/"):
            raise ValueError(
                "can't be read; write sqlite:///path or postgresql://user:password@host/name"
            )
        if unknown := [part for part in url.query.split("&") if part and not _is_number(part)]:
            raise ValueError(
                f"holds {unknown[0]}; behind the ? only numbers such as maxsize=10 fit"
            )
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_transport(cls, value: str) -> str:
        if value and not _is_path(value) and _server(value, ("smtp", "smtps")) is None:
            raise ValueError(
                "can't be read; write smtp://host:port, smtps://host:port or file:///folder"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def _known_sender(cls, value: str) -> str:
        if not value.isprintable() or not SENDER.fullmatch(parseaddr(value)[1]):
            raise ValueError("is no sender; write an address such as haoren@example.org")
        return value

    @field_validator("alarm_mail")
    @classmethod
    def _known_reader(cls, value: str) -> str:
        if value and not (value.isprintable() and SENDER.fullmatch(value)):
            raise ValueError("is no address; write one such as operator@example.org")
        return value

    @field_validator("sms_url")
    @classmethod
    def _known_gateway(cls, value: str) -> str:
        if not value or _is_path(value):
            return value
        url = _server(value, tuple(GATEWAYS))
        if url is None or not (url.username and url.password):
            raise ValueError(
                "can't be read; write aliyun://key:secret@host?…, tencent://key:secret@host?…, "
                "https://key:secret@host/path or file:///folder"
            )
        needed, possible = GATEWAYS[url.scheme]
        said = parse_qs(url.query)
        if missing := sorted(needed - said.keys()):
            raise ValueError(f"lacks {missing[0]}=… behind the ?")
        if unknown := sorted(said.keys() - needed - possible):
            raise ValueError(f"holds {unknown[0]} behind the ?, which it does not know")
        return value

    @field_validator("sms_countries")
    @classmethod
    def _known_countries(cls, value: str) -> str:
        if not all(COUNTRY.fullmatch(part.strip()) for part in value.split(",")):
            raise ValueError("can't be read; write country codes such as 86,852=200")
        return value

    @field_validator("oidc_url")
    @classmethod
    def _known_provider(cls, value: str) -> str:
        url = _server(value, ("https", "http")) if value else None
        if value and (url is None or not url.username or url.fragment):
            raise ValueError("can't be read; write https://client:secret@host/path?name=…")
        if url and not parse_qs(url.query, keep_blank_values=True).keys() <= {"name", "inside"}:
            raise ValueError("may have name=… and inside behind the ?, and nothing else")
        return value

    @field_validator("wechat_account", "wechat_website")
    @classmethod
    def _known_app(cls, value: str) -> str:
        if value and not APP.fullmatch(value):
            raise ValueError("can't be read; write appid:secret")
        return value

    @field_validator("storage_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if value and not _is_path(value) and value != "memory://":
            raise ValueError("can't be read; write file:///folder")
        return value

    @field_validator("base_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        url = _server(value, ("https",)) if value else None
        if value and (url is None or url.path.strip("/") or url.query or "@" in url.netloc):
            raise ValueError("can't be read; write https:// and the name, and no path behind it")
        return f"https://{url.netloc.lower()}" if url else ""

    @field_validator("secret_keys")
    @classmethod
    def _safe_keys(cls, value: str) -> str:
        keys = [key.strip() for key in value.split(",") if key.strip()]
        if any(len(key) < LEAST_KEY or len(set(key)) < LEAST_SIGNS for key in keys):
            raise ValueError(
                f"must hold keys of at least {LEAST_KEY} random characters; {MAKE_KEY}"
            )
        return ",".join(keys)

    @model_validator(mode="after")
    def _safe_outside_development(self) -> Self:
        if self.base_url and not self.secret_keys:
            raise ValueError(f"AWARDS_SECRET_KEYS must be set where AWARDS_BASE_URL is; {MAKE_KEY}")
        if self.base_url and self.oidc_url.startswith("http:"):
            raise ValueError("AWARDS_OIDC_URL must begin with https where AWARDS_BASE_URL is set")
        return self

    @property
    def is_development(self) -> bool:
        """Whether this is a machine to try things on: see `docs/configuration.md`."""
        return not self.base_url

    @property
    def keys_folder(self) -> Path:
        return self.key_dir or self.data_dir / "keys"

    @property
    def engine(self) -> str:
        """`sqlite` or `postgres`."""
        return "sqlite" if self.database.startswith("sqlite") else "postgres"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite://{self.data_dir / 'haoren.sqlite3'}"

    @property
    def storage(self) -> str:
        return self.storage_url or f"file://{(self.data_dir / 'media').absolute()}"

    @property
    def mail(self) -> str:
        return self.mail_url or f"file://{(self.data_dir / 'outbox').absolute()}"

    @property
    def sms(self) -> str:
        """The way out for text messages; empty where there is none."""
        outbox = f"file://{(self.data_dir / 'outbox').absolute()}"
        return self.sms_url or (outbox if self.is_development else "")

    @property
    def countries(self) -> dict[str, int]:
        """How many text messages a day may go to each country; the first is where people are at
        home.
        """
        found = [part.strip().partition("=") for part in self.sms_countries.split(",")]
        return {code: int(most or self.sms_a_day) for code, _sign, most in found}

    @property
    def equipment(self) -> frozenset[str]:
        """The ways to vote that need something of the operator's, and have it here."""
        has = {
            "sms": bool(self.sms),
            "oidc": bool(self.oidc_url),
            "wechat": bool(self.wechat_account or self.wechat_website),
        }
        return frozenset(way for way, is_there in has.items() if is_there)

    @cached_property
    def signing_keys(self) -> tuple[str, ...]:
        """Oldest first. In development they are made on first use and kept in a file."""
        if self.secret_keys:
            return tuple(self.secret_keys.split(","))
        return (_kept_secret(self.keys_folder / "signing.key"),)

    def require_folders(self) -> None:
        """Make the folders that are written to, or raise `SettingError` for the first that can't
        be.
        """
        folders = {"AWARDS_DATA_DIR": self.data_dir, "AWARDS_KEY_DIR": self.keys_folder}
        for name, url in (
            ("AWARDS_STORAGE_URL", self.storage),
            ("AWARDS_MAIL_URL", self.mail),
            ("AWARDS_SMS_URL", self.sms_url),
        ):
            if _is_path(url):
                folders[name] = Path(url.removeprefix("file://"))
        for name, folder in folders.items():
            _require_folder(name, folder)

    @classmethod
    def from_env(cls) -> "Config":
        """The settings of this process, or `SettingError` with the first thing that is wrong."""
        _require_known(os.environ)
        try:
            return cls()
        except ValidationError as error:
            raise SettingError(_first_complaint(error)) from None


def _server(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """The parts of a server's address, or None when it is none."""
    try:
        url = urlsplit(value)
        is_server = url.scheme in schemes and bool(url.hostname) and url.port != 0
    except ValueError:
        return None
    return url if is_server and value.isprintable() and " " not in value else None


def _is_path(value: str, scheme: str = "file://") -> bool:
    return value.startswith(scheme) and value != scheme


def _is_number(part: str) -> bool:
    key, _, value = part.partition("=")
    return key.isidentifier() and value.isdigit()


def _require_known(environment: Mapping[str, str]) -> None:
    """A misspelt setting would be passed over, and the default used in its place."""
    known = [f"{PREFIX}{name.upper()}" for name in Config.model_fields]
    for name in environment:
        if name.startswith(PREFIX) and not name.startswith(OF_TESTS) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)[0]
            raise SettingError(f"{name} is no setting; did you mean {near}?")


def _first_complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    text = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return f"{text}."
    return f"{PREFIX}{str(first['loc'][0]).upper()} {text}."


def _require_folder(name: str, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingError(
            f"The folder {folder} can't be written ({error.strerror}); give this user the right to "
            f"write there, or set {name} to a place where it may."
        ) from None


def _kept_secret(path: Path) -> str:
    """The secret of this file, made when there is none. Written whole or not at all: two processes
    that start together read the same one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # readable by us alone
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    secret = path.read_text().strip()
    if len(secret) < LEAST_KEY:
        raise SettingError(f"The key in {path} is broken; delete the file, and a new one is made.")
    return secret
