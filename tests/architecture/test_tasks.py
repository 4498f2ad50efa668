"""The broker holds ids and nothing else, and nothing that must happen later hangs on it."""

import ast
import inspect

import pytest
from celery import current_app

from tests.architecture.source import PACKAGES, modules, named, tree_of

current_app.loader.import_default_modules()
OURS = {name: task for name, task in current_app.tasks.items() if name.split(".")[0] in PACKAGES}
PUT_OFF = {"eta", "countdown", "retry_backoff", "autoretry_for"}
CALLS = {"delay", "apply_async", "send_task", "delay_on_commit", "apply_async_on_commit"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_task_takes_ids_and_nothing_else(name):
    for parameter in inspect.signature(OURS[name].run).parameters.values():
        assert (parameter.name.endswith("_id"), parameter.annotation) == (True, int), f"{name}: {parameter}"


def test_every_task_of_the_beat_is_one_of_ours_and_takes_nothing():
    for entry in current_app.conf.beat_schedule.values():
        assert inspect.signature(OURS[entry["task"]].run).parameters == {}


def keywords_in(tree: ast.AST) -> list[tuple[str, int]]:
    return [
        (keyword.arg or "", node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    ]


def test_no_task_is_put_off_or_tried_again_by_the_broker():
    """A broker repeats such tasks or loses them; what is to happen later is a row with a date."""
    assert [
        f"{named(path)}:{line} {name}"
        for path in modules()
        for name, line in keywords_in(tree_of(path))
        if name in PUT_OFF
    ] == []


def test_tasks_are_sent_from_one_place_only():
    sent = {
        named(path)
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS
    }
    assert sent == {"b12clinic/jobs/nudge.py"}
