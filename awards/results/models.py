"""The result of a campaign: what was counted from the ballots, when, by whom."""

from uuid import UUID, uuid4

from tortoise import Model, fields

from awards.campaigns.models import Campaign


class Result(Model):
    """A count of one campaign's ballots. It is public from `published_at` on."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.OneToOneRelation[Campaign] = fields.OneToOneField(
        "awards.Campaign", related_name="result", on_delete=fields.RESTRICT
    )
    ballots = fields.BigIntField()
    counted_at = fields.DatetimeField()
    counted_by = fields.CharField(max_length=60)
    published_at = fields.DatetimeField(null=True)
    published_by = fields.CharField(max_length=60, default="")

    lines: fields.ReverseRelation["ResultLine"]

    class Meta:
        table = "result"


class ResultLine(Model):
    """What one candidate got, by number, so that the line outlives every later edit of a name."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    result_id: UUID
    result: fields.ForeignKeyRelation[Result] = fields.ForeignKeyField(
        "awards.Result", related_name="lines", db_index=True
    )
    number = fields.IntField()
    votes = fields.BigIntField()
    rank = fields.IntField()
    won = fields.BooleanField(default=False)

    class Meta:
        table = "result_line"
        ordering = ("rank", "number")
        unique_together = (("result", "number"),)
