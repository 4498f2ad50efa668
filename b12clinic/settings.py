"""Everything that differs between one clinic's installation and another comes from the environment (see .env.example).

With nothing set it runs on SQLite and a broker made of files, both under `var/`. `DATABASE_URL` and `REDIS_URL` move it
to PostgreSQL and Redis with nothing else to change. Demo settings (`DEMO=true`) are for a machine of one's own: plain
HTTP, sign-ins printed, mail kept as files.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from b12clinic import logs

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")
VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")
BUILD_DIR = BASE_DIR / "build"
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG))


def _secret_key() -> str:
    """The key from the environment, else the one that `make run` keeps; empty makes Django refuse to sign anything."""
    kept = VAR_DIR / "secret_key"
    return env.str("SECRET_KEY", default="") or (kept.read_text().strip() if kept.exists() else "")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- What it is made of -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "b12clinic.jobs",
    "b12clinic.accounts",
    "b12clinic.patients",
    "b12clinic.messages",
    "monitoring",
    "regimens",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "b12clinic.accounts.middleware.request_id_middleware",
    "b12clinic.request_log.request_log_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "b12clinic.body_limit.body_limit_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "b12clinic.accounts.middleware.no_store_middleware",
    "b12clinic.accounts.middleware.clinic_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "b12clinic.urls"
WSGI_APPLICATION = "b12clinic.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "b12clinic.accounts.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Where it keeps things ----------------------------------------------------------------------------------------

_database = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR}/b12clinic.sqlite3"
DATABASES = {"default": env.db_url_config(_database)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A write transaction takes its lock at the start and waits for it; a deferred one is refused when it turns to writing.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # Compiling a query takes longer than any query of a page, and an estimate far off is enough to set it going.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
    DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "b12clinic",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},  # a page does not wait for it
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    }

SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Static files: ours, what was compiled, and only the folders of the packages that pages link to ------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BUILD_DIR / "staticfiles")))
NODE_MODULES = BASE_DIR / env.str("NODE_MODULES", default="node_modules")
_STATIC_SOURCES: list[tuple[str, Path]] = [
    ("", BASE_DIR / "static"),
    ("", BUILD_DIR / "static"),
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist" / "js"),
    ("vendor/bootstrap-icons", NODE_MODULES / "bootstrap-icons" / "font"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    (
        "vendor/atkinson-hyperlegible-next",
        NODE_MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files",
    ),
]
# Before `make assets` some are not there yet; commands that serve no page have no need to be warned of it.
STATICFILES_DIRS = [
    (prefix, str(path)) if prefix else str(path) for prefix, path in _STATIC_SOURCES if path.is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English (United Kingdom)")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Signing in ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "b12clinic.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are added by their administrator, not by themselves
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # a computer in a treatment room is shared
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "B12 Clinic"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Failures are counted twice: by axes for a name at an address, here for an address that tries many names.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip"}
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # a name alone would let anybody lock a clinician out
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False

# --- What the browser is told -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its small icons as data URIs
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside the container, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A laboratory's file of 32 MB and the form around it; whoever sends more is answered before a byte of it is kept.
MOST_BODY_BYTES = 33 * 1024 * 1024
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Mail ---------------------------------------------------------------------------------------------------------

# Without a server of its own an installation tries localhost and the attempt is seen to fail: mail with a patient's
# name in it is never quietly printed.
_mail_to_nobody = f"filemail:///{VAR_DIR}/mail" if DEMO else "smtp://localhost:25"
globals().update(env.email_url_config(env.str("EMAIL_URL", default="") or _mail_to_nobody))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="B12 Clinic <noreply@example.org>")
# Where people open the product: addresses in mail begin with it, since a worker sees no request.
SITE_URL = env.str("SITE_URL", default=next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000")).rstrip("/")

# --- Text messages ------------------------------------------------------------------------------------------------

# The gateway's address, over HTTPS; without one, whoever is to get a text message is shown as failed.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
# What the gateway signs its receipts with; without it none is believed.
SMS_RECEIPT_SECRET = env.str("SMS_RECEIPT_SECRET", default="")

# --- Work in the background ---------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
else:
    # Delivered at most once: good enough, since every task is a scan that the next tick repeats.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = (
    False  # a nudge: when the broker is away the sweep does the work, the page does not wait
)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300  # well inside the visibility timeout, so that a slow task is not started twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_TIMEZONE = "UTC"  # intervals only: each sweep asks the clinic's own day
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

SEND_EVERY_SECONDS = env.float("SEND_EVERY_SECONDS", default=30)
DETECT_EVERY_SECONDS = env.float("DETECT_EVERY_SECONDS", default=60 if DEMO else 300)
REVIEWS_EVERY_SECONDS = env.float("REVIEWS_EVERY_SECONDS", default=3600)
# Where laboratories leave files, in a folder for each clinic named by its public id; without it no folder is watched.
LAB_INBOX_DIR = env.str("LAB_INBOX_DIR", default="")
LAB_INBOX_EVERY_SECONDS = env.float("LAB_INBOX_EVERY_SECONDS", default=60)
LAB_INBOX_ACCEPT_PARTIAL = env.bool("LAB_INBOX_ACCEPT_PARTIAL", default=True)
CELERY_BEAT_SCHEDULE = {
    task: {
        "task": task,
        "schedule": every,
        "options": {"expires": every},
    }  # a stopped worker finds no pile of old ticks
    for task, every in {
        "b12clinic.jobs.tasks.sweep_pending": SEND_EVERY_SECONDS,
        "b12clinic.messages.tasks.send_due": SEND_EVERY_SECONDS,
        "b12clinic.messages.tasks.owe_digests": DETECT_EVERY_SECONDS,
        "regimens.tasks.sweep_plans": DETECT_EVERY_SECONDS,
        "monitoring.tasks.watch_lab_folders": LAB_INBOX_EVERY_SECONDS,
        "monitoring.tasks.sweep_labs": DETECT_EVERY_SECONDS,
        "regimens.tasks.sweep_paused_regimens": DETECT_EVERY_SECONDS,
        "regimens.tasks.sweep_late_doses": REVIEWS_EVERY_SECONDS,
        "regimens.tasks.sweep_reviews": REVIEWS_EVERY_SECONDS,
    }.items()
}

# --- Log lines ----------------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logs.configuration(level=LOG_LEVEL, as_json=env.bool("LOG_JSON", default=not (DEMO or DEBUG)))
