"""Files that browsers keep."""

from pathlib import Path

import httpx
import pytest

from awards.web import assets
from awards.web.assets import fingerprint, static


async def test_a_file_is_kept_for_a_year_under_an_address_with_its_digest(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(static("css/tokens.css"))

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("path", ["css/nothing.css", "", "css", "../server.py", "%2e%2e/server.py"])
async def test_nothing_outside_of_the_folder_is_served(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(f"/static/{fingerprint()}/{path}")

    assert answer.status_code == 404
    assert "max-age=31536000" not in answer.headers.get("cache-control", "")


def test_the_address_changes_with_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    seen = []

    for name, text in [("a.css", "one"), ("a.css", "two"), ("b.css", "two"), ("b.css", "")]:
        (tmp_path / name).write_text(text)
        fingerprint.cache_clear()
        seen.append(fingerprint())
    fingerprint.cache_clear()

    assert len(set(seen)) == 4
