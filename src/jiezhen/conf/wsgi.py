"""The entry for a WSGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiezhen.conf.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402  # settings must be named first

application = get_wsgi_application()

if os.environ.get("JIEZHEN_WORKER") == "yes":
    from jiezhen.conf import worker

    worker.start()
