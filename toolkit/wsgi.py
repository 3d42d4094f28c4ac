"""The way in for a WSGI server, such as `gunicorn toolkit.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from worksheets.whole import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toolkit.settings")
application = counting(get_wsgi_application())

from worksheets.report import machine  # noqa: E402 - it needs the applications that were just loaded

# What was waiting for its PDF when the service was stopped is made now, sign-offs among it.
machine.press_on()
