"""A coordinator who plans."""

import pytest
from browser import Browser
from cast import Cast


@pytest.fixture
def carla(client: Browser, cast: Cast) -> Browser:
    return client.sign_in(cast.coordinator)
