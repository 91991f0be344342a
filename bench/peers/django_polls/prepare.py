"""Make the tables and the candidates, and print what voters hold: `prepare.py FIRST COUNT VOTERS`.

A line for each voter: the signed cookie, the CSRF cookie and the token of a form, made by Django
itself.
"""

import sys

import django
from django.core.management import call_command
from django.core.signing import get_cookie_signer
from django.middleware import csrf

django.setup()

from django_polls.models import Candidate  # noqa: E402 - Django wants to be set up first
from django_polls.views import SALT  # noqa: E402

first, count, voters = map(int, sys.argv[1:])
call_command("migrate", run_syncdb=True, verbosity=0)
Candidate.objects.bulk_create(Candidate(number=number) for number in range(first, first + count))
signer = get_cookie_signer(salt=f"vote{SALT}")
for voter in range(voters):
    secret = csrf._get_new_csrf_string()
    print(signer.sign(f"{voter:032x}"), secret, csrf._mask_cipher_secret(secret))
