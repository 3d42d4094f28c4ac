"""How gunicorn serves the toolkit: `gunicorn --config python:toolkit.gunicorn toolkit.wsgi`. Its command line wins."""

bind = "127.0.0.1:8000"
workers = 3
threads = 4
worker_class = "gthread"

# Whoever is told to stop takes nothing new and answers what it took. The longest page prints a summary: that takes half
# a minute at most, and what stops the service from outside must wait for longer than this (TimeoutStopSec=60).
graceful_timeout = 45
# A worker that does not even say that it is alive is replaced. It says so while its threads wait for the database.
timeout = 60
# Longer than the pause of a proxy between two requests, so that a connection is seldom closed under one.
keepalive = 75

# Nothing but the address above is listened on.
control_socket_disable = True

# The number of the request stands in the log of the toolkit, and in that of whoever asks: `accesslog = "-"` adds this.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms %({x-request-id}o)s'
