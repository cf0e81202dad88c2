"""What a WSGI server loads."""

import os

from django.core.wsgi import get_wsgi_application

from regulars.ops import keys, places

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")

keys.require(keys.read(places.data_directory(os.environ), os.environ))
application = get_wsgi_application()
