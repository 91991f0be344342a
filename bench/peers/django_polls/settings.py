"""Settings as for real: persistent connections, CSRF on, behind a proxy that speaks https."""

import os
from urllib.parse import urlsplit

database = urlsplit(os.environ["BENCH_DATABASE"])

SECRET_KEY = "only-for-the-bench-0123456789abcdef-0123456789abcdef"  # noqa: S105 - guards nothing
DEBUG = False
ALLOWED_HOSTS = [os.environ["BENCH_HOST"], "127.0.0.1"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_SECURE = True
INSTALLED_APPS = ["django_polls"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "django_polls.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.path.lstrip("/"),
        "USER": database.username,
        "PASSWORD": database.password,
        "HOST": database.hostname,
        "PORT": database.port,
        "CONN_MAX_AGE": None,
    }
}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
