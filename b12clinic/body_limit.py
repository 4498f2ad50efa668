"""No request is taken in that is larger than the largest file we read: nothing of it is kept, in memory or on disk."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponse]


def body_limit_middleware(get_response: Handler) -> Handler:
    """Refuse by the length that the request declares, before anything reads it; without one, no body is read at all."""

    def handle(request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if len(declared) > 15 or (declared.isdecimal() and int(declared) > settings.MOST_BODY_BYTES):
            return render(request, "413.html", status=413)
        return get_response(request)

    return handle
