"""Candidates and votes."""

from django.db import models


class Candidate(models.Model):
    """Somebody to vote for, and how many did."""

    number = models.IntegerField(unique=True)
    votes = models.IntegerField(default=0)


class Vote(models.Model):
    """One vote: a voter has one a day for each candidate."""

    voter = models.CharField(max_length=32)
    day = models.DateField()
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT)
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [  # noqa: RUF012 - as Django has it
            models.UniqueConstraint(fields=["voter", "day", "candidate"], name="once_a_day")
        ]
