"""Where the servers of drills keep their things. Each test has its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from awards.config import Config
from awards.db import migrate
from tests.conftest import ENGINE, KEYS
from tests.drills.cluster import Cluster


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster | None]:
    """A PostgreSQL server of our own with fsync on; none where the tests run on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    cluster = Cluster()
    try:
        await cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
async def durable(cluster: Cluster | None, template: str, tmp_path: Path) -> Config:
    """Settings for a database that reaches the disk."""
    if cluster is None:
        file = tmp_path / "haoren.sqlite3"
        shutil.copy(template, file)
        return Config(data_dir=tmp_path, database_url=f"sqlite://{file}", secret_keys=KEYS)
    config = Config(data_dir=tmp_path, database_url=cluster.url, secret_keys=KEYS)
    await migrate(config)
    return config
