"""Proofs of work serve once."""

from tortoise import migrations

from awards.schema import RunFile


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]

    initial = False

    operations = [RunFile("accounts/sql")]
