"""Pictures: re-encoded, without metadata, under random names."""

from uuid import uuid4

from tortoise import Model, fields


class Picture(Model):
    """A picture in the store, as WebP in each width of `media.rules.WIDTHS` up to its own.

    Until `published_at` is set, only a signed address shows it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    width = fields.IntField()
    height = fields.IntField()
    bytes = fields.IntField()
    digest = fields.BinaryField()
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)

    class Meta:
        table = "picture"
