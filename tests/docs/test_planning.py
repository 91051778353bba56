"""What runs by itself is said in the documentation, each line of the planning by its code."""

from pathlib import Path

from marelle.taches.planning import PLANNING, charger

PAGE = Path(__file__).resolve().parents[2] / "docs" / "exploitation" / "taches-et-courriels.md"


def test_chaque_tache_planifiee_existe_et_ses_suppressions_sont_dites():
    texte = PAGE.read_text(encoding="utf-8")
    for ligne in PLANNING.values():
        assert callable(charger(ligne.fonction))
        assert ligne.si is None or callable(charger(ligne.si))
        assert f"`{ligne.code}`" in texte or ligne.code == "courriels.envoyer", ligne.code
