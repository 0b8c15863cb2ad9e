"""How far something that takes long tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Is told how much is done, of how much."""


def unseen(_done: int, _total: int) -> None:
    """Nobody looks."""
