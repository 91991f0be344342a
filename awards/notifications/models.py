"""The outbox: letters written in the transaction that they tell of, sent afterwards."""

from uuid import uuid4

from tortoise import Model, fields


class Letter(Model):
    """One letter to one address. `key` makes it go out once, however often it is asked for. A text
    message is a letter too: `way` is `sms`, the address a phone number in E.164, and `code` stands
    by itself for gateways that keep the words.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    key = fields.CharField(max_length=120, unique=True)
    notice = fields.CharField(max_length=40)
    address = fields.CharField(max_length=254)
    language = fields.CharField(max_length=10)
    subject = fields.CharField(max_length=200)
    text = fields.TextField()
    html = fields.TextField(default="")
    way = fields.CharField(max_length=10, default="mail")
    code = fields.CharField(max_length=12, default="")
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField(db_index=True)
    attempts = fields.IntField(default=0)
    sent_at = fields.DatetimeField(null=True)
    error = fields.CharField(max_length=300, default="")

    class Meta:
        table = "letter"
