"""Nominations as citizens sent them, what was decided on them, consent, and the candidates they
became.
"""

from uuid import UUID, uuid4

from tortoise import Model, fields

from awards.campaigns.models import Campaign, Category, Region
from awards.fields import WordsField
from awards.media.models import Picture


class Nomination(Model):
    """One person's papers, in the nominator's own words. `code` is the address of the nominator's
    private page.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    code = fields.CharField(max_length=26, unique=True)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="nominations", on_delete=fields.RESTRICT, db_index=True
    )
    category_id: UUID
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "awards.Category", related_name="nominations", on_delete=fields.RESTRICT
    )
    region_id: UUID
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "awards.Region", related_name="nominations", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=20)
    language = fields.CharField(max_length=10)
    name = fields.CharField(max_length=60)
    gender = fields.CharField(max_length=1, default="")
    birth_month = fields.CharField(max_length=7, default="")
    occupation = fields.CharField(max_length=60)
    employer = fields.CharField(max_length=80, default="")
    one_liner = fields.CharField(max_length=140)
    summary = fields.TextField()
    story = fields.TextField()
    past_honours = fields.TextField(default="")
    nominee_contact = fields.CharField(max_length=254, default="")
    nominator_name = fields.CharField(max_length=60)
    nominator_contact = fields.CharField(max_length=254)
    relation = fields.CharField(max_length=20)
    state = fields.CharField(max_length=20, default="submitted")
    submitted_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    revision = fields.IntField(default=1)
    send_key = fields.CharField(max_length=40, unique=True)

    photos: fields.ReverseRelation["NominationPhoto"]
    decisions: fields.ReverseRelation["ModerationDecision"]
    consent: fields.BackwardOneToOneRelation["Consent"]
    candidate: fields.BackwardOneToOneRelation["Candidate"]

    class Meta:
        table = "nomination"


class NominationPhoto(Model):
    """A photograph that came with a nomination; the first is the portrait."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    nomination_id: UUID
    nomination: fields.ForeignKeyRelation[Nomination] = fields.ForeignKeyField(
        "awards.Nomination", related_name="photos", db_index=True
    )
    picture_id: UUID
    picture: fields.ForeignKeyRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="nomination_photos", on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    class Meta:
        table = "nomination_photo"
        ordering = ("position",)
        unique_together = (("nomination", "position"),)


class ModerationDecision(Model):
    """What a moderator decided, by which rule, and why: as the nominator reads it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    nomination_id: UUID
    nomination: fields.ForeignKeyRelation[Nomination] = fields.ForeignKeyField(
        "awards.Nomination", related_name="decisions", db_index=True
    )
    kind = fields.CharField(max_length=20)
    rule = fields.CharField(max_length=120, default="")
    reason = fields.TextField(default="")
    decided_by = fields.CharField(max_length=60)
    decided_at = fields.DatetimeField()

    class Meta:
        table = "moderation_decision"
        ordering = ("decided_at",)


class Consent(Model):
    """The nominee's answer. Nothing of a nominee is public before one is recorded: how, when, by
    whom.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    nomination_id: UUID
    nomination: fields.OneToOneRelation[Nomination] = fields.OneToOneField(
        "awards.Nomination", related_name="consent"
    )
    digest = fields.BinaryField()
    state = fields.CharField(max_length=20, default="requested")
    how = fields.CharField(max_length=20, default="")
    recorded_by = fields.CharField(max_length=60, default="")
    given_by = fields.CharField(max_length=20, default="")
    note = fields.TextField(default="")
    show_photo = fields.BooleanField(default=True)
    show_story = fields.BooleanField(default=True)
    requested_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "consent"


class Candidate(Model):
    """Somebody who may be voted for, in the words that the public reads."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    campaign_id: int
    campaign: fields.ForeignKeyRelation[Campaign] = fields.ForeignKeyField(
        "awards.Campaign", related_name="candidates", on_delete=fields.RESTRICT, db_index=True
    )
    category_id: UUID
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "awards.Category", related_name="candidates", on_delete=fields.RESTRICT
    )
    region_id: UUID | None
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "awards.Region", related_name="candidates", on_delete=fields.RESTRICT, null=True
    )
    nomination_id: UUID | None
    nomination: fields.OneToOneNullableRelation[Nomination] = fields.OneToOneField(
        "awards.Nomination", related_name="candidate", on_delete=fields.RESTRICT, null=True
    )
    number = fields.IntField()
    state = fields.CharField(max_length=20, default="preliminary")
    kind = fields.CharField(max_length=20, default="person")
    name = WordsField()
    gender = fields.CharField(max_length=1, default="")
    birth_month = fields.CharField(max_length=7, default="")
    occupation = WordsField()
    employer = WordsField()
    one_liner = WordsField()
    summary = WordsField()
    story = WordsField()
    portrait_alt = WordsField()
    past_honours = fields.JSONField[list[dict[str, object]]](default=list)
    facts = fields.JSONField[list[dict[str, object]]](default=list)
    portrait_id: UUID | None
    portrait: fields.ForeignKeyNullableRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="candidate_portraits", on_delete=fields.RESTRICT, null=True
    )
    published_at = fields.DatetimeField(null=True)

    photos: fields.ReverseRelation["CandidatePhoto"]

    class Meta:
        table = "candidate"
        ordering = ("number",)
        unique_together = (("campaign", "number"),)


class CandidatePhoto(Model):
    """A picture in a candidate's gallery."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    candidate_id: UUID
    candidate: fields.ForeignKeyRelation[Candidate] = fields.ForeignKeyField(
        "awards.Candidate", related_name="photos", db_index=True
    )
    picture_id: UUID
    picture: fields.ForeignKeyRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="candidate_photos", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    alt = WordsField()
    caption = WordsField()

    class Meta:
        table = "candidate_photo"
        ordering = ("position",)
        unique_together = (("candidate", "position"),)
