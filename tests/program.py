"""The program under test. Each test starts it anew; its templates are compiled once for all."""

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from starlette.applications import Starlette

from awards.app import create_app
from awards.config import Config


class CompiledOnce(BytecodeCache):
    """Compiled templates in memory: a bucket's key names the file, its checksum the text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = CompiledOnce()


def start_program(config: Config, *, with_jobs: bool = True) -> Starlette:
    """The program for these settings."""
    app = create_app(config, with_jobs=with_jobs)
    app.state.environment.bytecode_cache = COMPILED
    return app
