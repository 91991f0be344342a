"""Settings: each wrong one is one sentence that names it and says what to write."""

import stat
from pathlib import Path

import pytest

from awards.config import Config, SettingError

KEY = "a-key-of-the-tests-0123456789-abcdef"
HTTPS = {"BASE_URL": "https://haoren.example", "SECRET_KEYS": KEY}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's own."""
    for name in Config.model_fields:
        monkeypatch.delenv(f"AWARDS_{name.upper()}", raising=False)
    monkeypatch.setenv("AWARDS_DATA_DIR", str(tmp_path))


def config_of(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Config:
    for name, value in settings.items():
        monkeypatch.setenv(f"AWARDS_{name}", value)
    return Config.from_env()


def test_without_settings_it_is_development(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = config_of(monkeypatch)

    assert config.is_development
    assert (config.engine, config.database) == ("sqlite", f"sqlite://{tmp_path}/haoren.sqlite3")
    assert (config.storage, config.mail) == (
        f"file://{tmp_path}/media",
        f"file://{tmp_path}/outbox",
    )
    assert config.keys_folder == tmp_path / "keys"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZONE", "Asia/Nowhere"),
        ("ZONE", "../etc/passwd"),
        ("ZONE", "/etc/passwd"),
        ("ZONE", "Asia"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite:relative.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "haoren.sqlite3"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://host"),
        ("DATABASE_URL", "postgresql://user:password@host:port/name"),
        ("DATABASE_URL", "postgresql://user@host:99999/name"),
        ("DATABASE_URL", "postgresql://[host/name"),
        ("DATABASE_URL", "postgresql://host/name?sslmode=require"),
        ("ALARM_MAIL", "nobody"),
        ("ALARM_MAIL", "a@example.org, b@example.org"),
        ("SMS_URL", "aliyun://key:secret@dysmsapi.aliyuncs.com?sign=x"),
        ("SMS_URL", "aliyun://key:secret@dysmsapi.aliyuncs.com?sign=x&template=y&other=z"),
        ("SMS_URL", "aliyun://dysmsapi.aliyuncs.com?sign=x&template=y"),
        ("SMS_URL", "tencent://id:secret@sms.tencentcloudapi.com?sign=x&template=y"),
        ("SMS_URL", "https://gateway.example/sms"),
        ("SMS_URL", "http://key:secret@gateway.example/sms"),
        ("SMS_URL", "telegraph://key:secret@host"),
        ("SMS_COUNTRIES", "+86"),
        ("SMS_COUNTRIES", "86=x"),
        ("SMS_COUNTRIES", "86,"),
        ("SMS_A_DAY", "-1"),
        ("SMS_AN_HOUR", "many"),
        ("OIDC_URL", "id.example.org"),
        ("OIDC_URL", "ldap://client:secret@id.example.org"),
        ("OIDC_URL", "https://id.example.org/realms/city"),
        ("OIDC_URL", "https://client:secret@id.example.org?nmae=x"),
        ("OIDC_URL", "https://client:secret@id.example.org#x"),
        ("WECHAT_ACCOUNT", "wx0000000000000000"),
        ("WECHAT_ACCOUNT", "wx0000000000000000:"),
        ("WECHAT_WEBSITE", "0000000000000000:secret"),
        ("WECHAT_WEBSITE", "wx0000000000000000:sec:ret"),
        ("MAIL_URL", "imap://host"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp:host"),
        ("MAIL_URL", "smtp://host:port"),
        ("MAIL_URL", "file://"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_FROM", "haoren"),
        ("MAIL_FROM", "Haoren <haoren>"),
        ("MAIL_FROM", "haoren@example.org\nBcc: x@example.org"),
        ("STORAGE_URL", "s3://bucket"),
        ("STORAGE_URL", "/var/media"),
        ("STORAGE_URL", "file://"),
        ("BASE_URL", "http://haoren.example"),
        ("BASE_URL", "haoren.example"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://haoren.example/awards"),
        ("BASE_URL", "https://haoren.example?x=y"),
        ("BASE_URL", "https://user@haoren.example"),
        ("BASE_URL", "https://haoren.example:port"),
        ("SECRET_KEYS", "short"),
        ("SECRET_KEYS", f"{KEY},short"),
        ("SECRET_KEYS", "x" * 40),
        ("SECRET_KEYS", "changeme" * 8),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingError) as error:
        config_of(monkeypatch, **{name: value})

    sentence = str(error.value)
    assert sentence.startswith(f"AWARDS_{name} ")
    assert sentence.endswith(".") and "\n" not in sentence
    assert value not in sentence or name != "SECRET_KEYS"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///srv/haoren.sqlite3"),
        ("DATABASE_URL", "sqlite://relative.sqlite3"),
        ("DATABASE_URL", "postgresql://user:p%40ss@host/name"),
        ("DATABASE_URL", "postgres://user@[::1]:5433/name?maxsize=20&statement_cache_size=0"),
        ("ALARM_MAIL", "operator@example.org"),
        ("SMS_URL", "aliyun://key:s%2Fcret@dysmsapi.aliyuncs.com?sign=好人&template=SMS_1"),
        ("SMS_URL", "tencent://id:x@sms.tencentcloudapi.com?app=1&sign=x&template=1&region=ap-x"),
        ("SMS_URL", "https://key:secret@gateway.example/sms"),
        ("SMS_URL", "http://key:secret@10.0.0.5:8080/sms?inside=yes"),
        ("SMS_URL", "file:///srv/texts"),
        ("SMS_COUNTRIES", "86, 852=200"),
        ("OIDC_URL", "https://haoren:s%2Fcret@id.example.org/realms/city?name=望河通&inside=yes"),
        ("OIDC_URL", "http://haoren@127.0.0.1:9000"),
        ("WECHAT_ACCOUNT", "wx00000000000000aa:0123456789abcdef0123456789abcdef"),
        ("MAIL_URL", "smtp://user:p%40ss@mail.example.org:587"),
        ("MAIL_URL", "smtps://mail.example.org"),
        ("MAIL_URL", "file:///srv/outbox"),
        ("MAIL_FROM", "望河好人 <haoren@example.org>"),
        ("STORAGE_URL", "file:///srv/media"),
        ("STORAGE_URL", "memory://"),
        ("SECRET_KEYS", f" {KEY} , {KEY[::-1]},"),
        ("ZONE", "Europe/Budapest"),
    ],
)
def test_a_right_setting_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert config_of(monkeypatch, **{name: value})


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(monkeypatch, **dict.fromkeys(("DATABASE_URL", "BASE_URL", "KEY_DIR"), ""))

    assert config.is_development and config.engine == "sqlite"


def test_text_messages_go_somewhere_in_development_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = config_of(monkeypatch)
    there = config_of(monkeypatch, **HTTPS)
    set_up = config_of(monkeypatch, SMS_URL="https://key:secret@gateway.example/sms")

    assert (here.sms, "sms" in here.equipment) == (f"file://{tmp_path}/outbox", True)
    assert (there.sms, "sms" in there.equipment) == ("", False)
    assert "sms" in set_up.equipment


def test_where_people_sign_in_is_reached_safely_outside_development(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SettingError) as error:
        config_of(monkeypatch, OIDC_URL="http://haoren:secret@id.example.org", **HTTPS)
    here = config_of(monkeypatch, OIDC_URL="https://haoren:secret@id.example.org", **HTTPS)
    there = config_of(monkeypatch, WECHAT_WEBSITE="wx0000:secret", OIDC_URL="", **HTTPS)

    assert str(error.value) == "AWARDS_OIDC_URL must begin with https where AWARDS_BASE_URL is set."
    assert [set(each.equipment) for each in (here, there)] == [{"oidc"}, {"wechat"}]


def test_a_country_has_the_whole_day_unless_it_says_less(monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(monkeypatch, SMS_COUNTRIES="86, 852=20", SMS_A_DAY="300")

    assert config.countries == {"86": 300, "852": 20}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("AWARDS_DATABSE_URL", "AWARDS_DATABASE_URL"),
        ("AWARDS_SECRET_KEY", "AWARDS_SECRET_KEYS"),
        ("AWARDS_BASEURL", "AWARDS_BASE_URL"),
    ],
)
def test_a_misspelt_setting_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, "x")

    with pytest.raises(SettingError, match=f"^{name} is no setting; did you mean {near}\\?$"):
        Config.from_env()


def test_the_settings_of_tests_are_not_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWARDS_TEST_SOMETHING", "x")

    assert Config.from_env()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://haoren.example", "https://haoren.example"),
        ("https://Haoren.Example/", "https://haoren.example"),
        ("https://haoren.example:8443/", "https://haoren.example:8443"),
    ],
)
def test_the_address_has_one_form(monkeypatch: pytest.MonkeyPatch, typed: str, kept: str) -> None:
    config = config_of(monkeypatch, BASE_URL=typed, SECRET_KEYS=KEY)

    assert (config.base_url, config.is_development) == (kept, False)


def test_an_open_site_needs_its_own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match=r"^AWARDS_SECRET_KEYS must be set .*token_urlsafe"):
        config_of(monkeypatch, BASE_URL="https://haoren.example")


def test_keys_are_read_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(monkeypatch, SECRET_KEYS=f"{KEY}, {KEY[::-1]}")

    assert config.signing_keys == (KEY, KEY[::-1])


def test_in_development_a_key_is_made_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = config_of(monkeypatch).signing_keys, Config.from_env().signing_keys

    file = tmp_path / "keys" / "signing.key"
    assert first == second == (file.read_text(),)
    assert len(first[0]) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["signing.key"]


@pytest.mark.parametrize("text", ["", "short\n"])
def test_a_broken_key_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys" / "signing.key"
    file.parent.mkdir()
    file.write_text(text)

    with pytest.raises(SettingError, match=f"^The key in {file} is broken; "):
        _ = config_of(monkeypatch).signing_keys


@pytest.mark.parametrize("name", ["DATA_DIR", "KEY_DIR", "STORAGE_URL", "MAIL_URL"])
def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "folder"
    value = f"file://{folder}" if name.endswith("URL") else str(folder)
    config = config_of(monkeypatch, **{name: value})

    with pytest.raises(SettingError) as error:
        config.require_folders()

    sentence = str(error.value)
    assert sentence.startswith(f"The folder {folder} can't be written (Not a directory); ")
    assert sentence.endswith(f"or set AWARDS_{name} to a place where it may.")


def test_folders_are_made_for_us_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = config_of(monkeypatch, DATA_DIR=str(tmp_path / "var"))

    config.require_folders()

    made = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "var").iterdir()}
    assert made == {"keys": 0o700, "media": 0o700, "outbox": 0o700}


def test_a_mail_server_needs_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = config_of(
        monkeypatch, DATA_DIR=str(tmp_path / "var"), MAIL_URL="smtp://mail.example.org"
    )

    config.require_folders()

    assert sorted(each.name for each in (tmp_path / "var").iterdir()) == ["keys", "media"]
