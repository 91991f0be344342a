"""Every setting of the program, read once from the environment. `docs/configuration.md` explains
each.
"""

import os
import secrets
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingError(Exception):
    """A setting can't be used. The text is one sentence that names it and the remedy."""


class Config(BaseSettings):
    """The settings. Every one but the secret has a usable default; without `base_url` this is
    development.
    """

    model_config = SettingsConfigDict(
        env_prefix="AWARDS_", frozen=True, env_ignore_empty=True, extra="ignore"
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
    zone: str = Field("Asia/Shanghai", description="IANA zone in which times are shown.")

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no time zone; use a name such as Asia/Shanghai") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("sqlite", "postgresql", "postgres", "asyncpg"):
            raise ValueError("must begin with sqlite:// or postgresql://")
        return value

    @field_validator("mail_url")
    @classmethod
    def _known_transport(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("smtp", "smtps", "file"):
            raise ValueError("must begin with smtp://, smtps:// or file://")
        return value

    @field_validator("storage_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("file", "memory"):
            raise ValueError("must begin with file:// or memory://")
        return value

    @model_validator(mode="after")
    def _safe_outside_development(self) -> Self:
        if not self.base_url:
            return self
        if urlsplit(self.base_url).scheme != "https":
            raise ValueError("AWARDS_BASE_URL must begin with https://")
        if any(len(key) < 32 for key in self.secret_keys.split(",")):
            raise ValueError(
                "AWARDS_SECRET_KEYS must hold keys of at least 32 characters; "
                "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
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
    def signing_keys(self) -> tuple[str, ...]:
        """Oldest first. In development they are made on first use and kept in a file."""
        if self.secret_keys:
            return tuple(self.secret_keys.split(","))
        return (_kept_secret(self.keys_folder / "signing.key"),)

    @classmethod
    def from_env(cls) -> "Config":
        """The settings of this process, or `SettingError` with the first thing that is wrong."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingError(_first_complaint(error)) from None


def _first_complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    text = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return f"{text}."
    return f"AWARDS_{str(first['loc'][0]).upper()} {text}."


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
