"""One log line a request: what was asked, how it ended, how long it took. The query, which may hold a name, stays out."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from b12clinic.accounts.services.audit import current_request_id

log = structlog.get_logger(__name__)


def request_log_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Bind the request's id to every line written on its behalf, and write one line at its end."""

    def handle(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=current_request_id.get())
        began = time.perf_counter()
        response = get_response(request)
        took = round((time.perf_counter() - began) * 1000, 1)
        level = "warning" if response.status_code >= 500 else "info"
        getattr(log, level)(
            "request", method=request.method, path=request.path, status=response.status_code, ms=took
        )
        return response

    return handle
