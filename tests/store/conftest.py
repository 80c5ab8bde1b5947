"""What the tests of the store share."""

import socket

import pytest


@pytest.fixture
def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
