"""*Nouvelle inscription scolaire*: a school, a level and a year for a child; accepted, it is where the child goes to school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from marelle.collectivite.identite import identite
from marelle.collectivite.options import InscriptionScolaire
from marelle.regles.phrases import dire_jour_du_mois
from marelle.scolarite import secteur
from marelle.scolarite.annees import annees_proposees, dire_annee, niveau_attendu
from marelle.scolarite.models import Ecole, Niveau
from marelle.scolarite.scolarites import ecoles_ouvertes, inscrire, niveaux, scolarite_en
from marelle.socle.formulaires import ChampDate
from marelle.socle.francais import enumere
from marelle.socle.horloge import annee_scolaire, aujourdhui

from .base import Ecart, Nature, Sujet
from .formulaires import ChampTexte, FormulaireContenu, conditionnel

if TYPE_CHECKING:
    from marelle.comptes.models import Compte

    from ..models import Demande

ECART_D_AGE = 2  # a child may be a year or two ahead or behind; beyond, somebody mistook a line of the list


class ContenuInscriptionScolaire(FormulaireContenu):
    SECTIONS = (
        ("L’année et le niveau", "", ("annee", "niveau")),
        ("L’école demandée", "", ("ecole",)),
        ("L’arrivée", "", ("debut", "ecole_precedente")),
        (
            "Si ce n’est pas l’école de votre secteur",
            "Demander une autre école, c’est demander une dérogation : dites pourquoi. Le service en décide.",
            ("derogation", "derogation_precision"),
        ),
    )
    annee = forms.TypedChoiceField(label="Année scolaire", coerce=int)
    ecole = forms.ChoiceField(label="École")
    niveau = forms.ChoiceField(label="Niveau")
    debut = ChampDate(label="Premier jour de classe", help_text="La rentrée, ou le jour où l’enfant arrive.")
    ecole_precedente = ChampTexte(
        label="École précédente", required=False, help_text="Nom et commune. Rien pour une première rentrée."
    )
    derogation = conditionnel(
        forms.ChoiceField(
            label="Raison de la dérogation", required=False, widget=forms.RadioSelect(attrs={"class": "pile serre"})
        )
    )
    derogation_precision = ChampTexte(
        label="Précision", lignes=2, required=False, help_text="N’écrivez rien sur la santé : le service vous appelle."
    )

    def construire(self) -> None:
        self.options = identite().inscription_scolaire or InscriptionScolaire()
        self.ecoles, self.niveaux = ecoles_ouvertes(), niveaux()
        annees = annees_proposees(aujourdhui(), self.options.mois_ouverture)
        self._choisir("annee", [(str(une), dire_annee(une)) for une in annees])
        self._choisir("ecole", [("", "Choisissez"), *((une.code, dire_ecole(une)) for une in self.ecoles)])
        self._choisir("niveau", [("", "Choisissez"), *((un.code, str(un)) for un in self.niveaux)])
        self._choisir("derogation", list(self.options.motifs))
        self._proposer(annees)
        if not any(une.secteur for une in self.ecoles):
            del self.fields["derogation"], self.fields["derogation_precision"]

    def _choisir(self, nom: str, choix: list[tuple[str, str]]) -> None:
        self.fields[nom].choices = choix  # type: ignore[attr-defined]

    def _proposer(self, annees: list[int]) -> None:
        """What a family would most often write: the coming year, the level of its age, the first day."""
        enfant = self.sujet.enfant
        assert enfant is not None
        attendus = [(une, niveau_attendu(enfant.date_naissance, une, self.niveaux)) for une in annees]
        premier = attendus[0][1]
        self.fields["annee"].initial = annees[0]
        self.fields["niveau"].initial = premier.code if premier else ""
        self.fields["debut"].initial = max(aujourdhui(), date(annees[0], 9, 1))
        dits = [f"{un.sigle} en {dire_annee(une)}" for une, un in attendus if un is not None]
        if dits:
            self.fields["niveau"].help_text = f"D’après la date de naissance : {enumere(dits)}."

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        ecole = next((une for une in self.ecoles if une.code == donnees.get("ecole")), None)
        niveau = next((un for un in self.niveaux if un.code == donnees.get("niveau")), None)
        if ecole is not None and niveau is not None:
            self._verifier_le_niveau(ecole, niveau, donnees.get("annee"))
        if donnees.get("annee") and donnees.get("debut"):
            self._verifier_le_debut(donnees["annee"], donnees["debut"])
        if ecole is not None:
            self._verifier_le_secteur(ecole, donnees)
        if not self.errors and ecole is not None:
            self._verifier_que_c_est_nouveau(donnees)
        return donnees

    def _verifier_le_niveau(self, ecole: Ecole, niveau: Niveau, annee: int | None) -> None:
        siens = list(ecole.niveaux.all())
        enfant = self.sujet.enfant
        assert enfant is not None
        if niveau not in siens:
            dits = enumere([un.sigle for un in siens])
            self.add_error("niveau", f"{ecole.nom} n’a pas ce niveau : choisissez parmi {dits}, ou une autre école.")
        elif annee and abs(annee - enfant.date_naissance.year - niveau.age) > ECART_D_AGE:
            self.add_error(
                "niveau",
                f"Vérifiez le niveau : {enfant.prenom} a {annee - enfant.date_naissance.year} ans cette année-là.",
            )

    def _verifier_le_debut(self, annee: int, debut: date) -> None:
        premier, dernier = annee_scolaire(date(annee, 9, 1))
        premier = max(premier, aujourdhui())
        if not premier <= debut <= dernier - timedelta(days=31):  # until the end of July
            dite = dire_annee(annee)
            depuis = dire_jour_du_mois(premier, 0)
            self.add_error(
                "debut", f"Choisissez un jour de l’année {dite}, du {depuis} à la fin de juillet {annee + 1}."
            )

    def _verifier_le_secteur(self, ecole: Ecole, donnees: dict[str, Any]) -> None:
        code = secteur.situation(secteur.adresse_de(self.sujet.famille), ecole, self.ecoles)
        if not secteur.demande_une_derogation(code):
            donnees["derogation"] = donnees["derogation_precision"] = ""
        elif not donnees.get("derogation") and "derogation" in self.fields and "derogation" not in self.errors:
            self.add_error(
                "derogation",
                f"{ecole.nom} n’est pas l’école de votre secteur : choisissez la raison, ou une autre école.",
            )

    def _verifier_que_c_est_nouveau(self, donnees: dict[str, Any]) -> None:
        enfant = self.sujet.enfant
        assert enfant is not None
        deja = scolarite_en(enfant, donnees["annee"])
        if deja and (deja.ecole.code, deja.niveau.code) == (donnees["ecole"], donnees["niveau"]):
            self.add_error(
                "ecole",
                f"{enfant.prenom} y est déjà pour {deja.annee_scolaire}, en {deja.niveau.sigle} : rien à demander.",
            )

    def en_json(self) -> dict[str, Any]:
        """With the situation of the address on that day: the family may move before the service reads it."""
        ecole = next(une for une in self.ecoles if une.code == self.cleaned_data["ecole"])
        adresse = secteur.adresse_de(self.sujet.famille)
        return {**super().en_json(), "secteur": secteur.situation(adresse, ecole, self.ecoles)}


class InscrireALEcole(Nature):
    CODE = "inscription_scolaire"
    LIBELLE = "Inscription scolaire"
    Contenu = ContenuInscriptionScolaire

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        assert demande.enfant is not None
        contenu = demande.contenu
        debut = date.fromisoformat(contenu["debut"])
        inscrire(demande.enfant, contenu["annee"], contenu["ecole"], contenu["niveau"], debut, maintenant)

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        """« Inscription scolaire 2026-2027 · École du Bourg, CP », with « dérogation » when it is one."""
        contenu = demande.contenu
        bouts = [nom_de_l_ecole(contenu), sigle_du_niveau(contenu)]
        dite = f"{cls.LIBELLE} {dire_annee(int(contenu['annee']))}" if contenu.get("annee") else cls.LIBELLE
        derogation = " (dérogation)" if secteur.demande_une_derogation(contenu.get("secteur", "")) else ""
        return " · ".join(filter(None, (dite, ", ".join(filter(None, bouts))))) + derogation

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """Asked beside in force for the same year; what helps to decide (age, sector) stands in the asked column."""
        contenu, enfant = demande.contenu, demande.enfant
        assert enfant is not None
        annee = int(contenu["annee"])
        avant = scolarite_en(enfant, annee)
        lignes = [
            Ecart("Année scolaire", dire_annee(annee) if avant else "–", dire_annee(annee), "annee"),
            Ecart("École", avant.ecole.nom if avant else "–", nom_de_l_ecole(contenu), "ecole"),
            Ecart("Niveau", avant.niveau.sigle if avant else "–", _niveau_et_age(demande, annee), "niveau"),
            Ecart("Premier jour de classe", _jour(avant.debut) if avant else "–", _jour_iso(contenu["debut"]), "debut"),
        ]
        lignes += [Ecart(nom, "–", dit) for nom, dit in _complements(demande, contenu) if dit]
        return lignes


def _complements(demande: Demande, contenu: dict[str, Any]) -> list[tuple[str, str]]:
    motifs = dict((identite().inscription_scolaire or InscriptionScolaire()).motifs)
    adresse = str(secteur.adresse_de(demande.famille))
    dit = secteur.PHRASES.get(contenu.get("secteur", ""), "")
    raison = motifs.get(contenu.get("derogation", ""), contenu.get("derogation", ""))
    return [
        ("École précédente", contenu.get("ecole_precedente", "")),
        ("Secteur", f"{dit} ({adresse})" if dit and adresse else dit),
        ("Raison de la dérogation", " : ".join(filter(None, (raison, contenu.get("derogation_precision", ""))))),
    ]


def _niveau_et_age(demande: Demande, annee: int) -> str:
    """« CP », or « CE1 (d'après l'âge : CP) »."""
    assert demande.enfant is not None
    attendu = niveau_attendu(demande.enfant.date_naissance, annee, niveaux())
    sigle = sigle_du_niveau(demande.contenu)
    if attendu is None or attendu.code == demande.contenu.get("niveau"):
        return sigle
    return f"{sigle} (d’après l’âge : {attendu.sigle})"


def nom_de_l_ecole(contenu: dict[str, Any]) -> str:
    ecole = Ecole.objects.filter(code=contenu.get("ecole", "")).first()
    return ecole.nom if ecole else ""


def sigle_du_niveau(contenu: dict[str, Any]) -> str:
    niveau = Niveau.objects.filter(code=contenu.get("niveau", "")).first()
    return niveau.sigle if niveau else ""


def dire_ecole(ecole: Ecole) -> str:
    """« École du Bourg, Bourg-Exemple (PS à CM2) »."""
    siens = list(ecole.niveaux.all())
    portee = siens[0].sigle if len(siens) == 1 else f"{siens[0].sigle} à {siens[-1].sigle}"
    return f"{ecole.nom}, {ecole.commune} ({portee})"


def ecoles_de_la_famille(sujet: Sujet, ecoles: Sequence[Ecole]) -> list[Ecole]:
    """The schools of the household's sector, for the page to say."""
    return secteur.ecoles_de_secteur(secteur.adresse_de(sujet.famille), ecoles)


def _jour(jour: date) -> str:
    return dire_jour_du_mois(jour, aujourdhui().year)


def _jour_iso(iso: str) -> str:
    return _jour(date.fromisoformat(iso))
