"""Every table of the first release, with its guards."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from awards.fields import WordsField
from awards.schema import CreateGuarded, RunFile
from awards.words import Words


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AuditRecord",
            fields=[
                ("number", fields.BigIntField(primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=80)),
                ("action", fields.CharField(max_length=60)),
                ("subject", fields.CharField(db_index=True, max_length=120)),
                (
                    "details",
                    fields.JSONField(
                        default=dict,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                ("previous", fields.BinaryField()),
                ("digest", fields.BinaryField()),
            ],
            options={"table": "audit_record", "app": "awards", "pk_attr": "number"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"email_code_tries": "tries BETWEEN 0 AND 5"},
            name="EmailCode",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("purpose", fields.CharField(max_length=80)),
                ("address", fields.CharField(max_length=254)),
                ("code_digest", fields.BinaryField()),
                ("link_digest", fields.BinaryField()),
                ("tries", fields.IntField(default=0)),
                (
                    "expires_at",
                    fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "email_code",
                "app": "awards",
                "unique_together": (("purpose", "address"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("text", fields.TextField(unique=False)),
                ("contact", fields.CharField(default="", max_length=254)),
                ("about", fields.CharField(default="", max_length=300)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={"table": "feedback", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="FixedPage",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("slug", fields.CharField(unique=True, max_length=40)),
                ("title", WordsField(default=Words)),
                ("body", WordsField(default=Words)),
                ("in_footer", fields.BooleanField(default=True)),
                ("position", fields.IntField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "fixed_page", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("key", fields.CharField(unique=True, max_length=120)),
                ("notice", fields.CharField(max_length=40)),
                ("address", fields.CharField(max_length=254)),
                ("language", fields.CharField(max_length=10)),
                ("subject", fields.CharField(max_length=200)),
                ("text", fields.TextField(unique=False)),
                ("html", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("error", fields.CharField(default="", max_length=300)),
            ],
            options={"table": "letter", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("name", fields.CharField(unique=True, max_length=60)),
                ("language", fields.CharField(default="zh-Hans", max_length=10)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "disabled_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={"table": "person", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.OneToOneField(
                        "awards.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credential",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("password_hash", fields.CharField(max_length=200)),
                ("totp_secret", fields.CharField(max_length=64)),
                ("totp_last_step", fields.BigIntField(default=0)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "credential", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"picture_has_size": "width > 0 AND height > 0"},
            name="Picture",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("width", fields.IntField()),
                ("height", fields.IntField()),
                ("bytes", fields.IntField()),
                ("digest", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={"table": "picture", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("slug", fields.CharField(unique=True, max_length=60)),
                ("title", WordsField(default=Words)),
                ("summary", WordsField(default=Words)),
                ("intro", WordsField(default=Words)),
                ("rules_text", WordsField(default=Words)),
                ("host", WordsField(default=Words)),
                ("organiser", WordsField(default=Words)),
                ("approval_number", fields.CharField(default="", max_length=60)),
                ("enquiry_phone", fields.CharField(default="", max_length=30)),
                ("supervision_phone", fields.CharField(default="", max_length=30)),
                ("zone", fields.CharField(default="Asia/Shanghai", max_length=40)),
                ("preset", fields.CharField(max_length=30)),
                (
                    "ballot_rule",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "cover",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="cover_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="campaign_covers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField(default=1)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("paused_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "campaign", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="categories",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("slug", fields.CharField(max_length=40)),
                ("number", fields.IntField()),
                ("title", WordsField(default=Words)),
                ("description", WordsField(default=Words)),
                ("places", fields.IntField(default=1)),
            ],
            options={
                "table": "category",
                "app": "awards",
                "unique_together": (("campaign", "slug"), ("campaign", "number")),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CodeBatch",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="code_batches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(default="", max_length=80)),
                ("count", fields.IntField()),
                ("made_by", fields.CharField(max_length=60)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "code_batch", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="regions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("slug", fields.CharField(max_length=40)),
                ("title", WordsField(default=Words)),
                ("position", fields.IntField()),
            ],
            options={
                "table": "region",
                "app": "awards",
                "unique_together": (("campaign", "slug"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateGuarded(
            checks={
                "nomination_state": (
                    "state IN ('submitted', 'returned', 'approved', 'rejected', 'withdrawn')"
                )
            },
            name="Nomination",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("code", fields.CharField(unique=True, max_length=26)),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="nominations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "category",
                    fields.ForeignKeyField(
                        "awards.Category",
                        source_field="category_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nominations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "awards.Region",
                        source_field="region_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nominations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("language", fields.CharField(max_length=10)),
                ("name", fields.CharField(max_length=60)),
                ("gender", fields.CharField(default="", max_length=1)),
                ("birth_month", fields.CharField(default="", max_length=7)),
                ("occupation", fields.CharField(max_length=60)),
                ("employer", fields.CharField(default="", max_length=80)),
                ("one_liner", fields.CharField(max_length=140)),
                ("summary", fields.TextField(unique=False)),
                ("story", fields.TextField(unique=False)),
                ("past_honours", fields.TextField(default="", unique=False)),
                ("nominee_contact", fields.CharField(default="", max_length=254)),
                ("nominator_name", fields.CharField(max_length=60)),
                ("nominator_contact", fields.CharField(max_length=254)),
                ("relation", fields.CharField(max_length=20)),
                ("state", fields.CharField(default="submitted", max_length=20)),
                ("submitted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revision", fields.IntField(default=1)),
                ("send_key", fields.CharField(unique=True, max_length=40)),
            ],
            options={"table": "nomination", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={
                "candidate_state": "state IN ('preliminary', 'published', 'withdrawn', 'disqualified')",
                "candidate_number": "number BETWEEN 1 AND 9999",
                "candidate_is_published_once": "state <> 'published' OR published_at IS NOT NULL",
            },
            name="Candidate",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="candidates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "category",
                    fields.ForeignKeyField(
                        "awards.Category",
                        source_field="category_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="candidates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "awards.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="candidates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "nomination",
                    fields.OneToOneField(
                        "awards.Nomination",
                        source_field="nomination_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="candidate",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("number", fields.IntField()),
                ("state", fields.CharField(default="preliminary", max_length=20)),
                ("kind", fields.CharField(default="person", max_length=20)),
                ("name", WordsField(default=Words)),
                ("gender", fields.CharField(default="", max_length=1)),
                ("birth_month", fields.CharField(default="", max_length=7)),
                ("occupation", WordsField(default=Words)),
                ("employer", WordsField(default=Words)),
                ("one_liner", WordsField(default=Words)),
                ("summary", WordsField(default=Words)),
                ("story", WordsField(default=Words)),
                ("portrait_alt", WordsField(default=Words)),
                (
                    "past_honours",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "facts",
                    fields.JSONField(
                        default=list,
                        encoder=functools.partial(dumps, separators=(",", ":")),
                        decoder=loads,
                    ),
                ),
                (
                    "portrait",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="portrait_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="candidate_portraits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "candidate",
                "app": "awards",
                "unique_together": (("campaign", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CandidatePhoto",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "candidate",
                    fields.ForeignKeyField(
                        "awards.Candidate",
                        source_field="candidate_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="photos",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "picture",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="picture_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="candidate_photos",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("alt", WordsField(default=Words)),
                ("caption", WordsField(default=Words)),
            ],
            options={
                "table": "candidate_photo",
                "app": "awards",
                "unique_together": (("candidate", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateGuarded(
            checks={
                "consent_state": "state IN ('requested', 'granted', 'declined', 'withdrawn')",
                "consent_is_on_record": (
                    "state = 'requested' OR (decided_at IS NOT NULL AND how <> '' AND recor"
                    "ded_by <> '')"
                ),
            },
            name="Consent",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "nomination",
                    fields.OneToOneField(
                        "awards.Nomination",
                        source_field="nomination_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consent",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("digest", fields.BinaryField()),
                ("state", fields.CharField(default="requested", max_length=20)),
                ("how", fields.CharField(default="", max_length=20)),
                ("recorded_by", fields.CharField(default="", max_length=60)),
                ("given_by", fields.CharField(default="", max_length=20)),
                ("note", fields.TextField(default="", unique=False)),
                ("show_photo", fields.BooleanField(default=True)),
                ("show_story", fields.BooleanField(default=True)),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "consent", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ModerationDecision",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "nomination",
                    fields.ForeignKeyField(
                        "awards.Nomination",
                        source_field="nomination_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decisions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("rule", fields.CharField(default="", max_length=120)),
                ("reason", fields.TextField(default="", unique=False)),
                ("decided_by", fields.CharField(max_length=60)),
                ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "moderation_decision", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="NominationPhoto",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "nomination",
                    fields.ForeignKeyField(
                        "awards.Nomination",
                        source_field="nomination_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="photos",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "picture",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="picture_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nomination_photos",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
            ],
            options={
                "table": "nomination_photo",
                "app": "awards",
                "unique_together": (("nomination", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("slug", fields.CharField(unique=True, max_length=60)),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="profiles",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "candidate",
                    fields.OneToOneField(
                        "awards.Candidate",
                        source_field="candidate_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="profile",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", WordsField(default=Words)),
                ("title", WordsField(default=Words)),
                ("region", WordsField(default=Words)),
                ("occupation", WordsField(default=Words)),
                ("line", WordsField(default=Words)),
                ("citation", WordsField(default=Words)),
                ("story", WordsField(default=Words)),
                ("acceptance", WordsField(default=Words)),
                (
                    "portrait",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="portrait_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="profile_portraits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("portrait_alt", WordsField(default=Words)),
                ("conferred_on", fields.DateField()),
                ("position", fields.IntField(default=0)),
                ("views", fields.BigIntField(default=0)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={"table": "profile", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Honour",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "profile",
                    fields.ForeignKeyField(
                        "awards.Profile",
                        source_field="profile_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="honours",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("title", WordsField(default=Words)),
                ("issuer", WordsField(default=Words)),
                ("conferred", fields.CharField(max_length=10)),
                ("is_top", fields.BooleanField(default=False)),
            ],
            options={"table": "honour", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProfilePhoto",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "profile",
                    fields.ForeignKeyField(
                        "awards.Profile",
                        source_field="profile_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="photos",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "picture",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="picture_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="profile_photos",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("alt", WordsField(default=Words)),
                ("caption", WordsField(default=Words)),
            ],
            options={
                "table": "profile_photo",
                "app": "awards",
                "unique_together": (("profile", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.OneToOneField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="result",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ballots", fields.BigIntField()),
                ("counted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("counted_by", fields.CharField(max_length=60)),
                (
                    "published_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("published_by", fields.CharField(default="", max_length=60)),
            ],
            options={"table": "result", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"result_line_votes": "votes >= 0 AND rank >= 1"},
            name="ResultLine",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "result",
                    fields.ForeignKeyField(
                        "awards.Result",
                        source_field="result_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("votes", fields.BigIntField()),
                ("rank", fields.IntField()),
                ("won", fields.BooleanField(default=False)),
            ],
            options={
                "table": "result_line",
                "app": "awards",
                "unique_together": (("result", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateGuarded(
            checks={
                "role_grant_role": (
                    "role IN ('organiser', 'moderator', 'judge', 'editor', 'auditor', 'code"
                    "_officer', 'admin')"
                )
            },
            name="RoleGrant",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "awards.Person",
                        source_field="person_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="grants",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("role", fields.CharField(max_length=20)),
                ("campaign", fields.IntField(default=0)),
                ("granted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "role_grant",
                "app": "awards",
                "unique_together": (("person", "role", "campaign"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"section_kind": "kind IN ('articles', 'campaigns', 'showcase', 'gallery')"},
            name="Section",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("slug", fields.CharField(unique=True, max_length=40)),
                ("title", WordsField(default=Words)),
                ("intro", WordsField(default=Words)),
                ("kind", fields.CharField(default="articles", max_length=20)),
                ("in_navigation", fields.BooleanField(default=True)),
                ("position", fields.IntField()),
            ],
            options={"table": "section", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=12),
                ),
                (
                    "section",
                    fields.ForeignKeyField(
                        "awards.Section",
                        source_field="section_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="articles",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", WordsField(default=Words)),
                ("summary", WordsField(default=Words)),
                ("body", WordsField(default=Words)),
                ("source", WordsField(default=Words)),
                ("byline", WordsField(default=Words)),
                ("editor", WordsField(default=Words)),
                ("is_reprint", fields.BooleanField(default=False)),
                ("is_recommended", fields.BooleanField(default=False)),
                ("is_lead", fields.BooleanField(default=False)),
                (
                    "cover",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="cover_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="article_covers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("cover_alt", WordsField(default=Words)),
                ("cover_caption", WordsField(default=Words)),
                ("views", fields.BigIntField(default=0)),
                (
                    "published_at",
                    fields.DatetimeField(
                        null=True, db_index=True, auto_now=False, auto_now_add=False
                    ),
                ),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "article", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ArticlePhoto",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "article",
                    fields.ForeignKeyField(
                        "awards.Article",
                        source_field="article_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="photos",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "picture",
                    fields.ForeignKeyField(
                        "awards.Picture",
                        source_field="picture_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="article_photos",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("alt", WordsField(default=Words)),
                ("caption", WordsField(default=Words)),
            ],
            options={
                "table": "article_photo",
                "app": "awards",
                "unique_together": (("article", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("digest", fields.BinaryField()),
                (
                    "person",
                    fields.ForeignKeyField(
                        "awards.Person",
                        source_field="person_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "session", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInLink",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "awards.Person",
                        source_field="person_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("digest", fields.BinaryField()),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "sign_in_link", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"site_is_one": "id = 1"},
            name="Site",
            fields=[
                ("id", fields.IntField(primary_key=True, unique=True, db_index=True)),
                ("name", WordsField(default=Words)),
                ("slogan", WordsField(default=Words)),
                ("strapline", WordsField(default=Words)),
                ("operator", WordsField(default=Words)),
                ("hours", WordsField(default=Words)),
                ("address", WordsField(default=Words)),
                ("reprint_note", WordsField(default=Words)),
                ("enquiry_phone", fields.CharField(default="", max_length=30)),
                ("supervision_phone", fields.CharField(default="", max_length=30)),
                ("icp_number", fields.CharField(default="", max_length=60)),
                ("psb_number", fields.CharField(default="", max_length=60)),
                ("since_year", fields.IntField()),
            ],
            options={"table": "site", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={
                "stage_ends_after_it_starts": "ends_at > starts_at",
                "stage_kind": (
                    "kind IN ('nomination', 'review', 'candidates', 'voting', 'checking', '"
                    "result', 'honours')"
                ),
            },
            name="Stage",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "campaign",
                    fields.ForeignKeyField(
                        "awards.Campaign",
                        source_field="campaign_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="stages",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stage",
                "app": "awards",
                "unique_together": (("campaign", "kind"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            [
                "CREATE UNIQUE INDEX uq_session_digest ON session (digest)",
                "CREATE UNIQUE INDEX uq_sign_in_link_digest ON sign_in_link (digest)",
                "CREATE UNIQUE INDEX uq_consent_digest ON consent (digest)",
                "CREATE UNIQUE INDEX uq_article_lead ON article (is_lead) WHERE is_lead",
            ]
        ),
        RunFile("audit/sql"),
        RunFile("voting/sql"),
    ]
