"""Where does a family go to do what its dossier lacks? The address for each code of Exigence or Manque."""

from django.urls import reverse

from marelle.collectivite.identite import identite
from marelle.demandes.dossier import MODIFICATION

PREFIXE_PIECE = "piece."


def lien_de_l_exigence(enfant_id: int, code: str) -> str:
    """The page where to do it: the tab that holds this nature, the documents (kind and child already chosen), or what
    waits for the service. An unknown code leads to the dossier."""
    if code == MODIFICATION:
        return reverse("espace_famille:demandes")
    if code.startswith(PREFIXE_PIECE):
        type_piece = code.removeprefix(PREFIXE_PIECE)
        return f"{reverse('espace_famille:documents')}?type={type_piece}&enfant={enfant_id}"
    if code == "inscription_scolaire":
        return reverse("espace_famille:inscription_scolaire", args=[enfant_id])
    if code == "photo":
        return reverse("espace_famille:portrait", args=[enfant_id])
    for onglet in identite().onglets:
        if code in onglet.natures:
            return reverse("espace_famille:fiche", args=[enfant_id, onglet.code])
    return reverse("espace_famille:dossier")
