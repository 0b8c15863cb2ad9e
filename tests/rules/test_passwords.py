"""A password is judged by its length, and by whether it is among those that are tried first."""

import pytest

from app.people.rules.passwords import PasswordFault, password_fault

KNOWN = ("wanjiru@example.org", "Wanjiru Otieno", "International Network")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", PasswordFault.TOO_SHORT),
        ("kX9$mQ2wvB7!z", PasswordFault.TOO_SHORT),
        ("abcde fghij klm", None),
        ("wide river under seven bridges", None),
        ("only small letters and blanks", None),
        ("日本語の長いパスワードを使います", None),
        ("q7Rz" * 2 + "tin roof, blue door, no key" * 4 + "end of this", None),
        ("x" * 129, PasswordFault.TOO_LONG),
        ("fifteen and a \x00 too", PasswordFault.UNWRITABLE),
        ("fifteen and a \ud800 too", PasswordFault.UNWRITABLE),
        ("aaaaaaaaaaaaaaaaaaaa", PasswordFault.GUESSABLE),
        ("passwordpassword", PasswordFault.GUESSABLE),
        ("123456789012345", PasswordFault.GUESSABLE),
        ("qwertyuiopasdfgh", PasswordFault.GUESSABLE),
        ("P4ssw0rdP4ssw0rd", PasswordFault.GUESSABLE),
        ("iloveyouiloveyou", PasswordFault.GUESSABLE),
        ("wanjiru@example.org", PasswordFault.GUESSABLE),
        ("wanjiru wanjiru 1", PasswordFault.GUESSABLE),
        ("internationalnetwork", PasswordFault.GUESSABLE),
    ],
)
def test_length_and_guessing_alone_speak_against_a_password(
    password: str, fault: PasswordFault | None
) -> None:
    assert password_fault(password, KNOWN) is fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("kX9$mQ2", PasswordFault.TOO_SHORT),
        ("kX9$mQ2w", None),
        ("password", PasswordFault.GUESSABLE),
        ("s3cret77", PasswordFault.GUESSABLE),
        ("wanjiru1", PasswordFault.GUESSABLE),
    ],
)
def test_beside_a_second_factor_eight_characters_will_do(
    password: str, fault: PasswordFault | None
) -> None:
    assert password_fault(password, KNOWN, has_second_factor=True) is fault


def test_a_common_beginning_does_not_spoil_a_long_password() -> None:
    assert password_fault("password" * 5 + "tin roof, blue door, no key", KNOWN) is None
