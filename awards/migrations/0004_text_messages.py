"""Text messages: a letter says by which way it goes, and what went out is counted."""

from tortoise import fields, migrations

from awards.schema import AddGuarded, RunFile


class Migration(migrations.Migration):
    dependencies = [("awards", "0003_channels")]

    initial = False

    operations = [
        AddGuarded(
            table="letter",
            column="way VARCHAR(10) NOT NULL DEFAULT 'mail' CHECK (way IN ('mail', 'sms'))",
            model_name="Letter",
            name="way",
            field=fields.CharField(default="mail", max_length=10),
        ),
        AddGuarded(
            table="letter",
            column="code VARCHAR(12) NOT NULL DEFAULT ''",
            model_name="Letter",
            name="code",
            field=fields.CharField(default="", max_length=12),
        ),
        RunFile("notifications/sql"),
    ]
