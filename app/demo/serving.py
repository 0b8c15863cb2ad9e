"""Serving a demonstration on this machine."""

import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """Gunicorn around an application that is already there."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self.app = app
        self.bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        # Threads, because browsers hold connections open that they do not use.
        settings = {
            "bind": self.bind,
            "workers": 2,
            "threads": 4,
            "worker_class": "gthread",
            "loglevel": "warning",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 3,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
