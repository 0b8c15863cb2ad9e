"""How the production server runs: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, or `make serve`.

What differs between machines comes from the environment; docs/deployment.md lists it all.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def forget(folder: str, of: int) -> None:
    """At the end of the server, and not of each worker."""
    if os.getpid() == of:
        shutil.rmtree(folder, ignore_errors=True)


def whole(name: str, default: int, most: int) -> int:
    """A number from 1 to `most`; what is none stops the start with a sentence."""
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= most):
        raise SystemExit(f"{name} is a whole number from 1 to {most}, not {text!r}.")
    return int(text)


bind = os.environ.get("BIND") or f"127.0.0.1:{whole('PORT', 8000, 65535)}"
# Two processes use two cores; threads, because browsers and proxies hold connections open that
# they do not use, and because much of the time of an answer goes to waiting for the database.
workers = whole("WEB_CONCURRENCY", 2, 256)
threads = whole("WEB_THREADS", 4, 256)

# Both are read when the application is loaded, so that they are set before. Each process writes
# its figures into a file of its own; whichever is asked adds them up. This file is read again at a
# reload: the figures go on.
os.environ.setdefault("LOGS", "json")
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="tracker-figures-")
    atexit.register(forget, os.environ["PROMETHEUS_MULTIPROC_DIR"], os.getpid())

from app.web import logs, unchanged  # noqa: E402 - only now, see above

chdir = str(ROOT)
wsgi_app = "wsgi:app"
umask = 0o077

worker_class = "gthread"
preload_app = True  # a worker that is killed is back in a moment, and shares what was loaded
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat

control_socket_disable = True  # signals do

# A worker that answers nothing for so long is taken for stuck and replaced.
timeout = 60
# Told to stop, it takes nothing new and ends what it has begun.
graceful_timeout = 30
keepalive = 15
# What leaks leaks into a process that ends before long, and not all at once.
max_requests = 20_000
max_requests_jitter = 2_000

# The proxy in front bounds these too; a server that is reached directly must not lack them.
limit_request_line = 8190
limit_request_fields = 60
forwarded_allow_ips = "127.0.0.1,::1"

# The application writes a line for each request, with what it knows and without what is secret.
accesslog = None
if os.environ["LOGS"].lower() == "json":
    logconfig_dict = logs.AS_JSON


def post_fork(server: Any, worker: Any) -> None:
    """No connection is shared by two processes."""
    server.app.callable.extensions["database"].engine.dispose(close=False)
    unchanged.stand_before(server.app.callable)


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess  # noqa: PLC0415 - after the folder is named

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
