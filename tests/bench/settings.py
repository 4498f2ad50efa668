"""The product's settings as they are behind HTTPS, and one address more: a bare page to measure the others against."""

import os
from pathlib import Path

from b12clinic.settings import *  # noqa: F403
from b12clinic.settings import LOGGING

ROOT_URLCONF = "tests.bench.urls"
# Log lines are made as in production and thrown away, so that they do not run through the table.
LOGGING["handlers"]["console"]["stream"] = Path(os.devnull).open("w")  # noqa: SIM115
