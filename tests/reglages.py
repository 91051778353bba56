"""Settings of the tests: the product's own, on throw-away databases and files, with traps where Django is indulgent."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# One folder per run, one sub-folder per worker; child processes that a test starts find their parent's again.
if "MARELLE_ESSAIS" not in os.environ:
    os.environ["MARELLE_ESSAIS"] = tempfile.mkdtemp(prefix="marelle-essais-")
    atexit.register(shutil.rmtree, os.environ["MARELLE_ESSAIS"], ignore_errors=True)
VAR_ESSAIS = Path(os.environ["MARELLE_ESSAIS"]) / os.environ.get("PYTEST_XDIST_WORKER", "seul")

for _nom in [
    nom for nom in os.environ if nom.startswith("MARELLE_") and not nom.startswith(("MARELLE_ESSAIS", "MARELLE_TEST"))
]:
    del os.environ[_nom]
os.environ["MARELLE_VAR"] = str(VAR_ESSAIS)
os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")
# Playwright's own event loop runs in the thread of the tests; the ORM is right to warn, and not concerned here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from marelle.reglages.settings import *  # noqa: E402, F403
from marelle.reglages.settings import DATABASES, STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402
from tests.salle.gabarits import VariableAbsente  # noqa: E402

Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)

_base = DATABASES["default"]
if "MARELLE_ESSAIS_BASE" in os.environ:  # a child process: the very database of its parent's test
    _base["NAME"] = os.environ["MARELLE_ESSAIS_BASE"]
elif _base["ENGINE"].endswith("sqlite3"):
    # A file in WAL mode, as in production, and not Django's in-memory default: threads and processes can share it.
    _base["TEST"] = {"NAME": _base["NAME"]}
else:
    _base["TEST"] = {"NAME": f"{_base['NAME']}_{VAR_ESSAIS.name}"}
    # Nobody reads these databases after a power cut: no wait for the disk at each commit.
    _base["OPTIONS"]["options"] += " -c synchronous_commit=off"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = VariableAbsente()
