"""A forked process for every run, a few at a time, each ended when it takes too long."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from tests.mutate.suite import quiet

NO_ANSWER = object()
"""Of a process that took too long."""

_FORKED = multiprocessing.get_context("fork")


@dataclass
class _Running:
    process: BaseProcess
    answer: Connection
    asked: Any
    ends_at: float


def in_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of one call in a process of its own. Raises EOFError when the process dies without one."""
    running = _start(work, None, arguments, limit=0)
    try:
        return running.answer.recv()
    finally:
        running.process.join()


def in_processes(
    work: Callable[..., Any], tasks: Iterable[tuple[Any, tuple[Any, ...]]], *, at_once: int, limit: float
) -> Iterator[tuple[Any, Any]]:
    """Every task's key with its answer as they come; `NO_ANSWER` after `limit` seconds."""
    running: list[_Running] = []
    for key, arguments in tasks:
        while len(running) >= at_once:
            yield from _ended(running)
        running.append(_start(work, key, arguments, limit))
    while running:
        yield from _ended(running)


def _start(work: Callable[..., Any], key: Any, arguments: tuple[Any, ...], limit: float) -> _Running:
    ours, theirs = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_answer, args=(theirs, work, arguments), daemon=True)
    process.start()
    theirs.close()
    return _Running(process, ours, key, monotonic() + limit)


def _answer(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    quiet()
    pipe.send(work(*arguments))
    pipe.close()


def _ended(running: list[_Running]) -> Iterator[tuple[Any, Any]]:
    soonest = min(one.ends_at for one in running)
    ready = wait([one.answer for one in running], timeout=max(0, soonest - monotonic()))
    for one in list(running):
        if one.answer in ready or one.ends_at <= monotonic():
            running.remove(one)
            yield one.asked, _collected(one, one.answer in ready)


def _collected(one: _Running, answered: bool) -> Any:
    answer = one.answer.recv() if answered else NO_ANSWER
    one.process.kill()
    one.process.join()
    return answer
