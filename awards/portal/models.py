"""The portal around the award: sections, articles, fixed pages, and who runs the site."""

from uuid import UUID, uuid4

from tortoise import Model, fields

from awards.fields import WordsField
from awards.media.models import Picture


class Section(Model):
    """A part of the portal (栏目). One that is not in the navigation is reached by its address and
    breadcrumbs.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    slug = fields.CharField(max_length=40, unique=True)
    title = WordsField()
    intro = WordsField()
    kind = fields.CharField(max_length=20, default="articles")
    in_navigation = fields.BooleanField(default=True)
    position = fields.IntField()

    articles: fields.ReverseRelation["Article"]

    class Meta:
        table = "section"
        ordering = ("position",)


class Article(Model):
    """A piece of news. It is public from `published_at` on; without one it is a draft."""

    id = fields.CharField(max_length=12, primary_key=True)
    section_id: UUID
    section: fields.ForeignKeyRelation[Section] = fields.ForeignKeyField(
        "awards.Section", related_name="articles", on_delete=fields.RESTRICT, db_index=True
    )
    title = WordsField()
    summary = WordsField()
    body = WordsField()
    source = WordsField()
    byline = WordsField()
    editor = WordsField()
    is_reprint = fields.BooleanField(default=False)
    is_recommended = fields.BooleanField(default=False)
    is_lead = fields.BooleanField(default=False)
    cover_id: UUID | None
    cover: fields.ForeignKeyNullableRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="article_covers", on_delete=fields.RESTRICT, null=True
    )
    cover_alt = WordsField()
    cover_caption = WordsField()
    views = fields.BigIntField(default=0)
    published_at = fields.DatetimeField(null=True, db_index=True)
    changed_at = fields.DatetimeField()

    photos: fields.ReverseRelation["ArticlePhoto"]

    class Meta:
        table = "article"


class ArticlePhoto(Model):
    """A picture in an article's gallery."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    article_id: str
    article: fields.ForeignKeyRelation[Article] = fields.ForeignKeyField(
        "awards.Article", related_name="photos", db_index=True
    )
    picture_id: UUID
    picture: fields.ForeignKeyRelation[Picture] = fields.ForeignKeyField(
        "awards.Picture", related_name="article_photos", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    alt = WordsField()
    caption = WordsField()

    class Meta:
        table = "article_photo"
        ordering = ("position",)
        unique_together = (("article", "position"),)


class FixedPage(Model):
    """A page of the house: about, terms, contact."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    slug = fields.CharField(max_length=40, unique=True)
    title = WordsField()
    body = WordsField()
    in_footer = fields.BooleanField(default=True)
    position = fields.IntField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "fixed_page"
        ordering = ("position",)


class Site(Model):
    """Who runs the site. There is one row."""

    id = fields.IntField(primary_key=True, generated=False)
    name = WordsField()
    slogan = WordsField()
    strapline = WordsField()
    operator = WordsField()
    hours = WordsField()
    address = WordsField()
    reprint_note = WordsField()
    enquiry_phone = fields.CharField(max_length=30, default="")
    supervision_phone = fields.CharField(max_length=30, default="")
    icp_number = fields.CharField(max_length=60, default="")
    psb_number = fields.CharField(max_length=60, default="")
    since_year = fields.IntField()

    class Meta:
        table = "site"


class Feedback(Model):
    """A complaint or an opinion (投诉/意见)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    kind = fields.CharField(max_length=20)
    text = fields.TextField()
    contact = fields.CharField(max_length=254, default="")
    about = fields.CharField(max_length=300, default="")
    received_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "feedback"
