"""What the cast writes in the forms of the dossier: answers that pass, to be changed by each test."""

from marelle.collectivite.identite import identite
from marelle.demandes.natures import NATURES, Sujet
from marelle.demandes.natures.formulaires import FormulaireContenu

FICHE_ENFANT = {
    "prenom": "Anouk",
    "nom": "Roussel-Lemoine",
    "sexe": "f",
    "date_naissance": "2017-03-14",
    "ecole": "École de Chaveignes",
    "classe": "CM1",
    "type_repas": "sans_porc",
    "assurance_compagnie": "MAE",
    "assurance_police": "AB-1234",
}
PERSONNES = {
    "combien": "2",
    "prenom_1": "Jeanne",
    "nom_1": "Lemoine",
    "lien_1": "grand-mère",
    "telephone_1": "0612345678",
    "peut_recuperer_1": "on",
}
SANTE = {
    "vaccin_dtp": "2023-04-12",
    "maladies": ["varicelle", "otite"],
    "allergie": "oui",
    "allergies": "Arachide",
    "conduite": "Antihistaminique, puis le 15.",
    "traitement": "non",
    "pai": "oui",
    "medecin_nom": "Dr Morel",
    "medecin_telephone": "02 47 58 11 22",
}
RESPONSABLE = {
    "civilite": "mme",
    "prenom": "Camille",
    "nom": "Roussel",
    "courriel": "camille.roussel@familles.exemple",
    "adresse": "12 rue de la Loire",
    "code_postal": "37500",
    "commune": "Chinon",
    "telephone": "",
    "mobile": "0611223344",
    "accord_facture_electronique": "on",
}
NOUVEL_ENFANT = {
    "prenom": "Zoé",
    "nom": "Roussel",
    "sexe": "f",
    "date_naissance": "2024-02-29",
    "ecole": "",
    "classe": "",
}


def autorisations(**reponses: str) -> dict[str, str]:
    """Yes to everything, but what is said."""
    return {une.code: "oui" for une in identite().autorisations} | reponses


def formulaire(nature: str, sujet: Sujet, donnees: dict[str, object]) -> FormulaireContenu:
    """The form of this nature, as a browser posts it."""
    postees: dict[str, object] = {f"{nature}-{nom}": valeur for nom, valeur in donnees.items()}
    return NATURES[nature].formulaire(sujet, Donnees(postees))


def contenu(nature: str, sujet: Sujet, donnees: dict[str, object]) -> dict[str, object]:
    """The JSON that a valid form keeps."""
    forme = formulaire(nature, sujet, donnees)
    assert forme.is_valid(), forme.errors
    return forme.en_json()


class Donnees(dict[str, object]):
    """A dictionary that answers `getlist`, as what a browser posts does."""

    def getlist(self, cle: str) -> list[object]:
        valeur = self.get(cle, [])
        return valeur if isinstance(valeur, list) else [valeur]
