"""The record of who did what: append-only and hash-chained. Triggers refuse UPDATE and DELETE."""

from tortoise import Model, fields


class AuditRecord(Model):
    """One deed. `details` never holds personal data; `subject` is a kind and an id, such as
    `nomination:7f…`.
    """

    number = fields.BigIntField(primary_key=True, generated=False)
    at = fields.DatetimeField()
    actor = fields.CharField(max_length=80)
    action = fields.CharField(max_length=60)
    subject = fields.CharField(max_length=120, db_index=True)
    details = fields.JSONField[dict[str, object]](default=dict)
    previous = fields.BinaryField()
    digest = fields.BinaryField()

    class Meta:
        table = "audit_record"
        ordering = ("number",)
