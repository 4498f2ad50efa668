"""The product's addresses and a bare page: signed in, through every middleware, with nothing to read or to draw."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from b12clinic.urls import urlpatterns as product


def bare(request: HttpRequest) -> HttpResponse:
    """The least that a signed-in page can be; the user is read, since every page asks who is there."""
    return HttpResponse(f"Signed in as {request.user.pk}.")


urlpatterns = [path("bare", bare), *product]
