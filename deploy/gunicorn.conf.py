"""How the production server runs: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, or `make serve`.

What differs between machines comes from the environment; docs/deployment.md lists it all.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

# Both are read when the application is loaded, so that they are set before. Each process writes
# its figures into a file of its own; whichever is asked adds them up.
os.environ.setdefault("LOGS", "json")
FIGURES = tempfile.mkdtemp(prefix="tracker-figures-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FIGURES

from app.web import logs  # noqa: E402 - only now, see above

chdir = str(ROOT)
wsgi_app = "wsgi:app"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
umask = 0o077

# Two processes use two cores; threads, because browsers and proxies hold connections open that
# they do not use, and because much of the time of an answer goes to waiting for the database.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
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


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess  # noqa: PLC0415 - after the folder is named

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    shutil.rmtree(FIGURES, ignore_errors=True)
