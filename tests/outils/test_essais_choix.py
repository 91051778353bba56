"""What PostgreSQL is not asked again: never anything that no other test asks it."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from tests.salle.processus import RACINE

sys.path.insert(0, str(RACINE / "outils"))

from essais_choix import Releve, superflus

RELEVES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.builds(Releve, st.booleans(), st.frozensets(st.sampled_from("12345678")), st.floats(0, 2)),
)


@given(RELEVES)
def test_tout_ce_qui_se_fait_se_fait_encore_et_rien_n_est_garde_pour_rien(releves: dict[str, Releve]) -> None:
    laisses = superflus(releves)
    assert all(releves[nom].est_de_page for nom in laisses)
    gardes = {nom: un for nom, un in releves.items() if nom not in laisses}
    faits = set().union(*(un.faits for un in gardes.values()))
    assert faits == set().union(*(un.faits for un in releves.values()))
    assert all(un.faits for un in gardes.values() if un.est_de_page)


def test_le_plus_court_est_garde_et_les_essais_d_actions_tous() -> None:
    releves = {
        "action": Releve(False, frozenset("1"), 9.0),
        "longue": Releve(True, frozenset("12"), 5.0),
        "courte": Releve(True, frozenset("12"), 0.1),
        "rien": Releve(True, frozenset("1"), 0.1),
    }
    assert superflus(releves) == {"longue", "rien"}
