"""A campaign and what it is made of. Its stage is derived from dates and decisions on record."""

from uuid import UUID, uuid4

from tortoise import Model, fields

from awards.campaigns.rules import Channel
from awards.fields import WordsField
from awards.media.models import Picture


class Campaign(Model):
    """One edition of an award. `version` rises with each change of what a vote may be."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=60, unique=True)
    title = WordsField()
    summary = WordsField()
    intro = WordsField()
    rules_text = WordsField()
    host = WordsField()
    organiser = WordsField()
    approval_number = fields.CharField(max_length=60, default="")
    enquiry_phone = fields.CharField(max_length=30, default="")
    supervision_phone = fields.CharField(max_length=30, default="")
    zone = fields.CharField(max_length=40, default="Asia/Shanghai")
    preset = fields.CharField(max_length=30)
    channels = fields.CharField(max_length=60, default=Channel.EMAIL.value)
    ballot_rule = fields.JSONField[dict[str, object]]()
    cover_id: UUID | None
    cover: fields.ForeignKeyNullableRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", null=True, on_delete=fields.RESTRICT, related_name="campaign_covers"
    )
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    paused_at = fields.DatetimeField(null=True)

    categories: fields.ReverseRelation["Category"]
    regions: fields.ReverseRelation["Region"]
    stages: fields.ReverseRelation["Stage"]

    class Meta:
        table = "campaign"


class Category(Model):
    """What candidates are grouped by. `number` is the first digit of its candidates' numbers."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="categories", db_index=True
    )
    slug = fields.CharField(max_length=40)
    number = fields.IntField()
    title = WordsField()
    description = WordsField()
    places = fields.IntField(default=1)

    class Meta:
        table = "category"
        ordering = ("number",)
        unique_together = (("campaign", "slug"), ("campaign", "number"))


class Region(Model):
    """Where a nominee lives or works."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="regions", db_index=True
    )
    slug = fields.CharField(max_length=40)
    title = WordsField()
    position = fields.IntField()

    class Meta:
        table = "region"
        ordering = ("position",)
        unique_together = (("campaign", "slug"),)


class Stage(Model):
    """A part of the campaign's time. `starts_at` belongs to it, `ends_at` no longer."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="stages", db_index=True
    )
    kind = fields.CharField(max_length=20)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "stage"
        ordering = ("starts_at",)
        unique_together = (("campaign", "kind"),)
