"""Where something comes from, one source by one: the same few lists stand on many pages, so each is written once."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string

from regimens.protocols.origin import Origin

register = template.Library()


@register.simple_tag
def origin_list(origins: Iterable[Origin]) -> str:
    """The list of `components/origin_list.html`."""
    return _written(tuple(origins))


@lru_cache(maxsize=1024)
def _written(origins: tuple[Origin, ...]) -> str:
    return render_to_string("components/origin_list.html", {"origins": origins})
