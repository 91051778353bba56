"""What these tests load of a collectivité is forgotten after each: the next one may have another."""

from collections.abc import Iterator

import pytest

from marelle.socle.memoire import oublier


@pytest.fixture(autouse=True)
def sans_memoire() -> Iterator[None]:
    yield
    oublier()
