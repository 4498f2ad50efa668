"""The product as a web worker runs it, called in this process so that its CPU time can be read to the microsecond."""

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

ROUNDS = 7
REQUESTS = 25
"""Requests of each side in a round."""
WARM_UP = 15
CSRF_TOKEN = "b" * 32

Page = Callable[[], str]


@dataclass
class Measured:
    """CPU milliseconds a request, one figure a round; wall milliseconds of every request."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def told(self) -> str:
        """The figures that stand beside a ratio."""
        cpu = statistics.median(self.cpu)
        return f"{cpu:.1f} ms CPU, p50 {statistics.median(self.wall):.1f} ms, p95 {_p95(self.wall):.1f} ms"


def interleaved(one: Page, other: Page) -> tuple[Measured, Measured]:
    """Both pages warmed up, then measured in turn, so that whatever else the machine does falls on both alike."""
    for page in (one, other):
        for _ in range(WARM_UP):
            page()
    measured = Measured(), Measured()
    for _ in range(ROUNDS):
        for page, figures in zip((one, other), measured, strict=True):
            _measure(page, figures)
    return measured


def ratio(one: Measured, other: Measured) -> tuple[float, str]:
    """The median of the rounds' CPU ratios, and their range in words."""
    ratios = [mine / theirs for mine, theirs in zip(one.cpu, other.cpu, strict=True)]
    return statistics.median(ratios), f"[{min(ratios):.2f} to {max(ratios):.2f}]"


def _measure(page: Page, figures: Measured) -> None:
    cpu_began = time.process_time()
    for _ in range(REQUESTS):
        began = time.perf_counter()
        page()
        figures.wall.append((time.perf_counter() - began) * 1000)
    figures.cpu.append((time.process_time() - cpu_began) * 1000 / REQUESTS)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


class Visitor:
    """Someone signed in, who asks for pages over the application's own door."""

    def __init__(self, application: Any, session_key: str) -> None:
        self.application = application
        self.cookie = f"sessionid={session_key}"

    def get(self, path: str) -> str:
        """The page at an address, read to its end. Anything but a page is an error of the bench."""
        status: list[str] = []
        answer = self.application(self._environ(path), lambda line, headers: status.append(line))
        body = b"".join(answer)
        answer.close()
        if not status[0].startswith(str(HTTPStatus.OK.value)):
            raise RuntimeError(f"{path} answered {status[0]}")
        return body.decode()

    def post(self, path: str, form: dict[str, Any]) -> int:
        """The status of the answer to a form sent with its token."""
        body = urlencode({"csrfmiddlewaretoken": CSRF_TOKEN, **form}, doseq=True).encode()
        status: list[str] = []
        environ = self._environ(path) | {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": f"{self.cookie}; csrftoken={CSRF_TOKEN}",
            "HTTP_ORIGIN": "https://localhost",
            "HTTP_REFERER": f"https://localhost{path}",
            "wsgi.input": io.BytesIO(body),
        }
        answer = self.application(environ, lambda line, headers: status.append(line))
        b"".join(answer)
        answer.close()
        return int(status[0].split()[0])

    def _environ(self, path: str) -> dict[str, Any]:
        address, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie,
            "HTTP_ACCEPT": "text/html",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
