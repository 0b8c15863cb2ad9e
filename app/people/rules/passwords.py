"""What a password must be like, after SP 800-63B-4: long, and not among those tried first.

Nothing is asked about what it is composed of. It may be shorter where a second factor goes with
it.
"""

from collections.abc import Collection
from enum import StrEnum

from zxcvbn import zxcvbn

SHORTEST_ALONE = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST_PASSWORD = 128
GUESSES = 10**8
"""A password found within so many guesses is refused. Far above what throttling lets through."""
PIECE = 40
"""Judging takes long for more characters at once."""


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNWRITABLE = "unwritable"
    GUESSABLE = "guessable"


def shortest(*, has_second_factor: bool) -> int:
    return SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST_ALONE


def password_fault(
    password: str, known: Collection[str], *, has_second_factor: bool = False
) -> PasswordFault | None:
    """What speaks against a new password. `known`: what others know of its owner and this place,
    such as the address, the name, the network."""
    if len(password) < shortest(has_second_factor=has_second_factor):
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if not all(mark.isprintable() for mark in password):
        return PasswordFault.UNWRITABLE
    return PasswordFault.GUESSABLE if _is_guessable(password, known) else None


def _is_guessable(password: str, known: Collection[str]) -> bool:
    """Whether lists of common passwords, words and names, or what is known, lead to it."""
    words = [part for text in known for part in (text, *text.replace("@", " ").split()) if part]
    pieces = [password[start : start + PIECE] for start in range(0, len(password), PIECE)]
    guesses = 1.0
    for piece in pieces:
        guesses *= float(zxcvbn(piece, user_inputs=words)["guesses"])
    return guesses < GUESSES
