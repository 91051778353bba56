"""What a child process plans in the tests: writes down the slot it was given."""

import os
from pathlib import Path

from marelle.taches.models import Echeance


def tracer() -> None:
    """Append the slot in hand to a file: a slot run twice would stand there twice."""
    creneau = Echeance.objects.get(code="essai").creneau_le
    with Path(os.environ["ESSAI_TRACES"]).open("a") as traces:
        traces.write(creneau.isoformat() + "\n")
