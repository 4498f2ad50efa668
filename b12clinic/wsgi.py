"""What gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b12clinic.settings")

application = get_wsgi_application()
settings.SECRET_KEY  # noqa: B018  an empty key is refused here, before the first request
