"""The product's settings, on whatever services answer, with nothing slow, secret or kept."""

import os

from tests import machine

machine.choose()
os.environ |= {
    "DEBUG": "false",
    "DEMO": "false",
    "HTTPS": "false",
    "SECRET_KEY": "signs nothing but tests",
    "VAR_DIR": "build/tests",
    "LOG_LEVEL": "WARNING",
}

from b12clinic.settings import *  # noqa: F403
from b12clinic.settings import VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# The live server of tests serves files by their own names, straight from where they lie.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
