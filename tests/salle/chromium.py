"""Where the machine's browser is."""

import os
import shutil


def chemin_chromium() -> str | None:
    """MARELLE_TEST_CHROMIUM when it is set, else the first of the usual names."""
    noms = [os.environ.get("MARELLE_TEST_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((chemin for nom in noms if nom and (chemin := shutil.which(nom))), None)
