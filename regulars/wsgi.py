"""What a WSGI server loads: requests wait only so long, for a lock and for an answer."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

from regulars.ops import keys, places

LOCK_TIMEOUT = "4s"
"""How long a request waits for a row that another one holds; then it is told to try again."""

STATEMENT_TIMEOUT = "25s"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")

keys.require(keys.read(places.data_directory(os.environ), os.environ))
application = get_wsgi_application()

# Set when a connection is made: what a request set on one would stay behind in the pool.
_options = connections.settings["default"]["OPTIONS"]
_options["options"] = (
    f"{_options.get('options', '')} -c lock_timeout={LOCK_TIMEOUT}"
    f" -c statement_timeout={STATEMENT_TIMEOUT}"
).strip()
