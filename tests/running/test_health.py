"""What a container or a load balancer asks."""

import pytest
from django.db import OperationalError

from b12clinic import health


@pytest.mark.django_db
def test_it_is_well_while_the_database_answers(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok"})


def test_it_is_not_well_when_the_database_is_away(client, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("no route to host")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "no answer"})
