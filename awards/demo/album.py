"""The pictures that the demonstration ships: small WebP files of our own, taken in as they are."""

from uuid import UUID

from PIL import Image

from awards.demo.season import PICTURES
from awards.media.actions import Prepared, keep_picture, prepare_ready, publish_picture
from awards.media.store import Store


class Album:
    """Each picture once for the public, and once more for papers that are nobody's business."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._prepared: dict[str, Prepared] = {}
        self._public: dict[str, UUID] = {}

    async def prepare(self, *names: str) -> None:
        """Put files into the store, before any transaction."""
        for name in names:
            path = PICTURES / name.removeprefix("private/")
            with Image.open(path) as image:
                width, height = image.size
            self._prepared[name] = await prepare_ready(
                path.read_bytes(), width, height, store=self._store
            )

    async def public(self, name: str | None) -> UUID | None:
        """A picture for everybody; the same one wherever it is shown."""
        if not name:
            return None
        if name not in self._public:
            kept = await keep_picture(self._prepared[name])
            await publish_picture(kept.id)
            self._public[name] = kept.id
        return self._public[name]

    async def private(self, name: str) -> UUID:
        """A picture of papers that are not public."""
        return (await keep_picture(self._prepared[f"private/{name}"])).id
