"""More ways to vote: which are open, booths on a device, and ballots of paper."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from awards.schema import AddGuarded, CreateGuarded


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_spent_work")]

    initial = False

    operations = [
        AddGuarded(
            table="campaign",
            column="channels VARCHAR(60) NOT NULL DEFAULT 'email' CHECK (channels <> '')",
            model_name="Campaign",
            name="channels",
            field=fields.CharField(default="email", max_length=60),
        ),
        # Until now a printed code was taken everywhere.
        ops.RunSQL(
            "UPDATE campaign SET channels = 'email code' WHERE id IN (SELECT campaign_id FROM code_batch)"
        ),
        CreateGuarded(
            checks={
                "booth_admissions": "admissions >= 0",
                "booth_closed_empty": "closed_at IS NULL OR seat IS NULL",
            },
            name="VotingBooth",
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
                        related_name="voting_booths",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(default="", max_length=80)),
                ("digest", fields.BinaryField()),
                ("opened_by", fields.CharField(max_length=60)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("admissions", fields.IntField(default=0)),
                ("seat", fields.BinaryField(null=True)),
                ("seated_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "voting_booth", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.RunSQL("CREATE UNIQUE INDEX uq_voting_booth_digest ON voting_booth (digest)"),
        CreateGuarded(
            checks={"paper_batch_count": "count BETWEEN 1 AND 2000"},
            name="PaperBatch",
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
                        related_name="paper_batches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(default="", max_length=80)),
                ("count", fields.IntField()),
                ("made_by", fields.CharField(max_length=60)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("cast_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("valid", fields.IntField(default=0)),
                ("invalid", fields.IntField(default=0)),
            ],
            options={"table": "paper_batch", "app": "awards", "pk_attr": "id"},
            bases=["Model"],
        ),
        CreateGuarded(
            checks={"typed_paper_serial": "serial >= 1"},
            name="TypedPaper",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "batch",
                    fields.ForeignKeyField(
                        "awards.PaperBatch",
                        source_field="batch_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="typed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("serial", fields.IntField()),
                ("typist", fields.UUIDField()),
                (
                    "choices",
                    fields.JSONField(
                        encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "typed_paper",
                "app": "awards",
                "unique_together": (("batch", "serial", "typist"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
