"""What belongs to voting beside the vote path. The tables of the vote path stand in
`voting/sql/`.
"""

from uuid import uuid4

from tortoise import Model, fields

from awards.campaigns.models import Campaign


class CodeBatch(Model):
    """Printed single-use codes, made together and revocable together. The codes are kept as keyed
    digests alone.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="code_batches", on_delete=fields.RESTRICT, db_index=True
    )
    label = fields.CharField(max_length=80, default="")
    count = fields.IntField()
    made_by = fields.CharField(max_length=60)
    made_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "code_batch"
