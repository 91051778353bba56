"""What a collectivité calls its messages, and what families may write about, read from `collectivite.toml`."""

import pytest

from marelle.collectivite.options import Messagerie, lire_options
from marelle.regles.lecture import ErreurReglement
from tests.distribution import COLLECTIVITES


def lire(suite: str):
    texte = (COLLECTIVITES / "cc-tvv" / "collectivite.toml").read_text(encoding="utf-8")
    return lire_options(f"{texte}\n{suite}", "essai", "essai.toml").messages


def test_sans_rien_dire_les_noms_sont_ceux_du_produit():
    assert lire("") == Messagerie("Boîte de réception", "Contacter le centre", "Messages", ())


def test_les_noms_et_les_sujets_sont_des_donnees():
    dite = lire('[messages]\nboite = "Mes échanges"\n[[messages.sujets]]\ncode = "car"\nnom = "Le car"')
    assert (dite.boite, dite.contact, dite.sujet("car"), dite.sujet("velo")) == (
        "Mes échanges", "Contacter le centre", "Le car", ""
    )  # fmt: skip


def test_une_cle_inconnue_arrete_le_chargement():
    with pytest.raises(ErreurReglement, match="boites"):
        lire('[messages]\nboites = "Mes échanges"')
