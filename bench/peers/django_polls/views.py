"""The vote."""

from django.core.signing import BadSignature
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_polls.models import Candidate, Vote

A_DAY = 10
SALT = "voter"


@require_POST
def vote(request):
    """Keep one vote."""
    try:
        voter = request.get_signed_cookie("vote", salt=SALT, max_age=86400)
    except (KeyError, BadSignature):
        return HttpResponse(status=403)
    candidate = get_object_or_404(Candidate, number=request.POST["candidate"])
    today = timezone.now().date()
    try:
        with transaction.atomic():
            if Vote.objects.filter(voter=voter, day=today).count() >= A_DAY:
                return HttpResponse(status=409)
            Vote.objects.create(voter=voter, day=today, candidate=candidate)
            Candidate.objects.filter(pk=candidate.pk).update(votes=F("votes") + 1)
    except IntegrityError:
        return HttpResponse(status=409)
    return HttpResponseRedirect("/receipts/none")


def ready(request):
    return HttpResponse("ready")
