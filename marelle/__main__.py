"""The `marelle` command: what an operator can ask of the product; every error is one French line."""

import os
import sys
from collections.abc import Sequence

from marelle.commandes import analyseur, pannes


def principal(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 1 when it failed or found something wrong, 2 when the request makes no sense."""
    for flux in (sys.stdout, sys.stderr):
        flux.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    options = analyseur.construire().parse_args(arguments)
    try:
        statut = int(options.executer(options) or 0)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader (head, less…) has seen enough
        return 0
    except Exception as erreur:
        print(f"marelle {options.commande} : {pannes.phrase(erreur)}", file=sys.stderr)
        return 1
    return statut


if __name__ == "__main__":
    sys.exit(principal())
