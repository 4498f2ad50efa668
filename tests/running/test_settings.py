"""What the environment decides."""

import json

import pytest

from tests.running.processes import manage

ASK = "import json; from django.conf import settings as s; print(json.dumps({name: getattr(s, name) for name in %r}, default=str))"


def settings_with(names, **environment):
    asked = manage("shell", "--no-imports", "-c", ASK % (names,), **environment)
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_with_nothing_set_it_runs_on_sqlite_and_a_broker_of_files(tmp_path):
    found = settings_with(
        ["DATABASES", "CELERY_BROKER_URL", "CELERY_BROKER_TRANSPORT_OPTIONS", "CACHES"], VAR_DIR=str(tmp_path)
    )
    assert found["DATABASES"]["default"]["NAME"] == f"{tmp_path}/b12clinic.sqlite3"
    assert found["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["CELERY_BROKER_URL"] == "filesystem://localhost"
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["polling_interval"] == 0.2
    assert (tmp_path / "broker" / "queue").is_dir()
    assert (tmp_path / "broker" / "control").is_dir()


def test_an_empty_address_is_none_at_all(tmp_path):
    found = settings_with(
        ["DATABASES", "CELERY_BROKER_URL"], VAR_DIR=str(tmp_path), DATABASE_URL="", REDIS_URL=""
    )
    assert found["DATABASES"]["default"]["NAME"] == f"{tmp_path}/b12clinic.sqlite3"
    assert found["CELERY_BROKER_URL"] == "filesystem://localhost"


def test_two_addresses_move_it_to_postgresql_and_redis(tmp_path):
    names = ["DATABASES", "CELERY_BROKER_URL", "CELERY_BROKER_TRANSPORT_OPTIONS", "CACHES"]
    there = {
        "DATABASE_URL": "postgres://someone:secret@db.example.org:5433/b12",
        "REDIS_URL": "redis://cache.example.org:6380/2",
    }
    found = settings_with(names, VAR_DIR=str(tmp_path), **there)
    database = found["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"], database["PORT"]) == (
        "django.db.backends.postgresql",
        "db.example.org",
        5433,
    )
    assert database["CONN_HEALTH_CHECKS"] is True
    assert (
        found["CELERY_BROKER_URL"]
        == found["CACHES"]["default"]["LOCATION"]
        == "redis://cache.example.org:6380/2"
    )
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == 600


def test_a_task_may_not_outlive_its_claim_on_redis(tmp_path):
    names = ["CELERY_TASK_TIME_LIMIT", "CELERY_BROKER_TRANSPORT_OPTIONS"]
    found = settings_with(names, VAR_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:6379/0")
    assert found["CELERY_TASK_TIME_LIMIT"] < found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]


def test_cookies_and_redirects_are_safe_unless_it_is_a_demo(tmp_path):
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
    assert settings_with(names, VAR_DIR=str(tmp_path)) == dict(
        zip(names, (True, True, True, 31536000), strict=True)
    )
    assert settings_with(names, VAR_DIR=str(tmp_path), DEMO="true") == dict(
        zip(names, (False, False, False, 0), strict=True)
    )


@pytest.mark.parametrize(
    ("demo", "backend"),
    [
        ("true", "django.core.mail.backends.filebased.EmailBackend"),
        ("false", "django.core.mail.backends.smtp.EmailBackend"),
    ],
)
def test_mail_without_a_server_is_kept_in_a_demo_and_fails_elsewhere(tmp_path, demo, backend):
    found = settings_with(
        ["EMAIL_BACKEND", "EMAIL_FILE_PATH"], VAR_DIR=str(tmp_path), DEMO=demo, EMAIL_URL=""
    )
    assert found["EMAIL_BACKEND"] == backend
    assert found["EMAIL_FILE_PATH"] == (f"{tmp_path}/mail" if demo == "true" else "")


def test_every_scheduled_task_exists(tmp_path):
    asked = (
        "from b12clinic.celery import app; from django.conf import settings as s; app.loader.import_default_modules();"
        "print(sorted(set(s.CELERY_BEAT_SCHEDULE) - set(app.tasks)))"
    )
    assert manage("shell", "--no-imports", "-c", asked, VAR_DIR=str(tmp_path)).stdout.strip() == "[]"


def test_the_deployment_checks_find_nothing(tmp_path):
    key = "a-key-of-more-than-fifty-characters-that-signs-nothing-0123456789"
    checked = manage("check", "--deploy", "--fail-level", "WARNING", VAR_DIR=str(tmp_path), SECRET_KEY=key)
    assert checked.returncode == 0, checked.stderr


def test_the_web_server_refuses_to_start_without_a_key(tmp_path):
    asked = manage(
        "shell", "--no-imports", "-c", "import b12clinic.wsgi", VAR_DIR=str(tmp_path), SECRET_KEY=""
    )
    assert asked.returncode == 1
    assert "The SECRET_KEY setting must not be empty" in asked.stderr
