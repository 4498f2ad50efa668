"""The product's settings for the processes of a fault: its database and broker from the environment, mail to the sink."""

import os

os.environ.setdefault("SECRET_KEY", "signs nothing but tests")
os.environ |= {"DEBUG": "false", "DEMO": "false", "HTTPS": "false", "LOG_LEVEL": "CRITICAL"}

from b12clinic.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("FAULTS_SINK", "0"))
EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
EMAIL_USE_TLS = EMAIL_USE_SSL = False
EMAIL_TIMEOUT = 3
