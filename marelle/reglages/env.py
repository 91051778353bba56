"""The only reader of the environment: every setting that a deployment may change has one line here."""

from pathlib import Path

from environs import Env

_env = Env(prefix="MARELLE_")

RACINE = Path(__file__).resolve().parents[2]

PRODUCTION: bool = _env.bool("PRODUCTION", False)
DEMO: bool = _env.bool("DEMO", False)
COLLECTIVITE: str = _env.str("COLLECTIVITE", "portail")
DOSSIER_COLLECTIVITES: Path = Path(_env.str("DOSSIER_COLLECTIVITES", str(RACINE / "collectivites")))
VAR: Path = Path(_env.str("VAR", str(RACINE / "var")))
SCHEMAS_PES: Path = Path(_env.str("SCHEMAS_PES", str(VAR / "schemas-pes")))
CLE_SECRETE: str = _env.str("CLE_SECRETE", "")
CLES_SECRETES_ANCIENNES: list[str] = _env.list("CLES_SECRETES_ANCIENNES", [])
CLES_CHIFFREMENT: list[str] = _env.list("CLES_CHIFFREMENT", [])
BASE_URL: str = _env.str("BASE_URL", "")
HOTES: list[str] = _env.list("HOTES", [])
DATABASE_URL: str = Env().str("DATABASE_URL", "")
COURRIEL_URL: str = _env.str("COURRIEL_URL", "")
COURRIEL_EXPEDITEUR: str = _env.str("COURRIEL_EXPEDITEUR", "portail@marelle.exemple")
MANDATAIRES_DE_CONFIANCE: int = _env.int("MANDATAIRES_DE_CONFIANCE", 0)
MFA_AGENTS: str = _env.str("MFA_AGENTS", "proposee")
NIVEAU_JOURNAL: str = _env.str("NIVEAU_JOURNAL", "INFO")
PAYFIP_ADRESSE: str = _env.str("PAYFIP_ADRESSE", "")
PAYFIP_SAISIE: str = _env.str("PAYFIP_SAISIE", "")
API_PARTICULIER_ADRESSE: str = _env.str("API_PARTICULIER_ADRESSE", "")
API_PARTICULIER_JETON: str = _env.str("API_PARTICULIER_JETON", "")
API_PARTICULIER_SIRET: str = _env.str("API_PARTICULIER_SIRET", "")
