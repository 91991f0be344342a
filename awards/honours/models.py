"""Winners' pages: who was honoured, for what, in which words and pictures."""

from uuid import UUID, uuid4

from tortoise import Model, fields

from awards.campaigns.models import Campaign
from awards.fields import WordsField
from awards.media.models import Picture
from awards.nominations.models import Candidate


class Profile(Model):
    """A winner's showcase page (好人展播)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    slug = fields.CharField(max_length=60, unique=True)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="profiles", on_delete=fields.RESTRICT, db_index=True
    )
    candidate_id: UUID
    candidate: fields.OneToOneRelation[Candidate] = fields.OneToOneField(
        "awards.Candidate", related_name="profile", on_delete=fields.RESTRICT
    )
    name = WordsField()
    title = WordsField()
    region = WordsField()
    occupation = WordsField()
    line = WordsField()
    citation = WordsField()
    story = WordsField()
    acceptance = WordsField()
    portrait_id: UUID | None
    portrait: fields.ForeignKeyNullableRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="profile_portraits", on_delete=fields.RESTRICT, null=True
    )
    portrait_alt = WordsField()
    conferred_on = fields.DateField()
    position = fields.IntField(default=0)
    views = fields.BigIntField(default=0)
    published_at = fields.DatetimeField(null=True)

    photos: fields.ReverseRelation["ProfilePhoto"]
    honours: fields.ReverseRelation["Honour"]

    class Meta:
        table = "profile"


class ProfilePhoto(Model):
    """A picture in a winner's gallery."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    profile_id: UUID
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField(
        "awards.Profile", related_name="photos", db_index=True
    )
    picture_id: UUID
    picture: fields.ForeignKeyRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="profile_photos", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    alt = WordsField()
    caption = WordsField()

    class Meta:
        table = "profile_photo"
        ordering = ("position",)
        unique_together = (("profile", "position"),)


class Honour(Model):
    """One honour of a winner, of this award or an earlier one."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    profile_id: UUID
    profile: fields.ForeignKeyRelation[Profile] = fields.ForeignKeyField(
        "awards.Profile", related_name="honours", db_index=True
    )
    title = WordsField()
    issuer = WordsField()
    conferred = fields.CharField(max_length=10)
    is_top = fields.BooleanField(default=False)

    class Meta:
        table = "honour"
        ordering = ("-conferred",)
