"""What belongs to voting beside the vote path. The tables of the vote path stand in
`voting/sql/`.
"""

from uuid import UUID, uuid4

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


class VotingBooth(Model):
    """A device at which staff let one voter in at a time. `seat` is the random name of whoever is
    in it now, and is gone when they leave.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="voting_booths", on_delete=fields.RESTRICT, db_index=True
    )
    label = fields.CharField(max_length=80, default="")
    digest = fields.BinaryField()
    opened_by = fields.CharField(max_length=60)
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    admissions = fields.IntField(default=0)
    seat = fields.BinaryField(null=True)
    seated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "voting_booth"


class PaperBatch(Model):
    """Ballots of paper out of one urn, numbered from 1 on. They are cast together once each has
    been read alike by two people.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="paper_batches", on_delete=fields.RESTRICT, db_index=True
    )
    label = fields.CharField(max_length=80, default="")
    count = fields.IntField()
    made_by = fields.CharField(max_length=60)
    made_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    cast_at = fields.DatetimeField(null=True)
    valid = fields.IntField(default=0)
    invalid = fields.IntField(default=0)

    class Meta:
        table = "paper_batch"


class TypedPaper(Model):
    """What one person read on one ballot of paper: the numbers that are marked."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    batch_id: UUID
    batch: fields.ForeignKeyRelation[PaperBatch] = fields.ForeignKeyField(
        "awards.PaperBatch", related_name="typed", on_delete=fields.RESTRICT, db_index=True
    )
    serial = fields.IntField()
    typist = fields.UUIDField()
    choices = fields.JSONField[list[int]]()

    class Meta:
        table = "typed_paper"
        unique_together = (("batch", "serial", "typist"),)
