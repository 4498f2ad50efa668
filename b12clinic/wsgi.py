"""What gunicorn serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b12clinic.settings")

application = get_wsgi_application()
settings.SECRET_KEY  # noqa: B018  an empty key is refused here, before the first request

# Every address is loaded before the first visitor, and what is loaded by then stays for good: the collector need not walk
# through it again with each page, which is a tenth of a long one's time.
get_resolver().url_patterns  # noqa: B018
gc.freeze()
