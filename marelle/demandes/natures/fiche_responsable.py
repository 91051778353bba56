"""*Fiche de l'adulte*: identity, where to write and to call, whether invoices come by e-mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from marelle.collectivite.identite import reglement
from marelle.comptes.models import Compte
from marelle.courriels.service import ecrire
from marelle.facturation.consultation import accord_change_depuis
from marelle.familles.models import Responsable
from marelle.journal.service import noter
from marelle.regles.attente import Sorte
from marelle.socle.pays import ChampPays, champ_code_postal, exiger_le_code_postal

from .base import Ecart, Nature, Sujet
from .formulaires import ChampNom, ChampTelephone, ChampTexte, FormulaireContenu

if TYPE_CHECKING:
    from ..models import Demande

IDENTITE = ("civilite", "prenom", "nom")
COORDONNEES = ("courriel", "adresse", "code_postal", "commune", "pays", "telephone", "mobile")
ACCORD = "accord_facture_electronique"
CHAMPS = (*IDENTITE, *COORDONNEES, ACCORD)

SITUATION = "situation"


def _demande_la_situation() -> bool:
    return Sorte.PARENTS_OCCUPES in reglement().criteres_d_attente


class ContenuFicheResponsable(FormulaireContenu):
    SECTIONS = (
        ("Identité", "", IDENTITE),
        ("Coordonnées", "", COORDONNEES),
        ("Travail", "", (SITUATION,)),
        ("Factures", "", (ACCORD,)),
    )
    civilite = forms.ChoiceField(label="Civilité", choices=Responsable.Civilite.choices, required=False)
    prenom = ChampNom(label="Prénom")
    nom = ChampNom(label="Nom")
    courriel = forms.EmailField(label="Adresse e-mail", max_length=254, help_text="Le service y répond à vos demandes.")
    adresse = ChampTexte(label="Adresse", max_length=200, help_text="Numéro et rue.")
    code_postal = champ_code_postal()
    commune = ChampTexte(label="Commune", max_length=80)
    pays = ChampPays()
    telephone = ChampTelephone(label="Téléphone", required=False)
    mobile = ChampTelephone(label="Mobile", required=False)
    accord_facture_electronique = forms.BooleanField(
        label="J’accepte de recevoir mes factures par e-mail.",
        required=False,
        help_text="Sans votre accord, le service les envoie par courrier.",
    )

    def construire(self) -> None:
        """The situation is asked only where a waiting list looks at it."""
        if _demande_la_situation():
            self.fields[SITUATION] = forms.ChoiceField(
                label="Situation professionnelle",
                choices=Responsable.Situation.choices,
                required=False,
                help_text="Elle ne sert qu’au rang dans les listes d’attente.",
            )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        exiger_le_code_postal(self)
        saisis = [nom for nom in ("telephone", "mobile") if donnees.get(nom) or nom in self.errors]
        if not saisis:
            self.add_error("mobile", "Écrivez un numéro où vous joindre, par exemple 06 12 34 56 78.")
        return donnees


class FicheDeLAdulte(Nature):
    CODE = "fiche_responsable"
    LIBELLE = "Fiche de l’adulte"
    Contenu = ContenuFicheResponsable

    @classmethod
    def en_vigueur(cls, sujet: Sujet) -> dict[str, Any]:
        assert sujet.responsable is not None
        noms = (*CHAMPS, SITUATION) if _demande_la_situation() else CHAMPS
        return {nom: getattr(sujet.responsable, nom) for nom in noms}

    @classmethod
    def appliquer(cls, demande: Demande, par: Compte | None, maintenant: datetime) -> None:
        assert demande.responsable_id is not None
        adulte = Responsable.objects.select_for_update().get(pk=demande.responsable_id)
        contenu, ancien = demande.contenu, adulte.courriel
        if _accord_est_depasse(demande):
            contenu = {**contenu, ACCORD: adulte.accord_facture_electronique}
        if contenu[ACCORD] != adulte.accord_facture_electronique:
            adulte.accord_facture_le = maintenant if contenu[ACCORD] else None
        for nom in CHAMPS:
            setattr(adulte, nom, contenu.get(nom, adulte.pays) if nom == "pays" else contenu[nom])
        adulte.situation = contenu.get(SITUATION, adulte.situation)
        adulte.save()
        if ancien.lower() != adulte.courriel.lower():
            suivre_le_courriel(adulte, ancien, par)

    @classmethod
    def ecarts(cls, demande: Demande) -> list[Ecart]:
        """Of the consent, what will be in force: see `_accord_est_depasse`."""
        lus = super().ecarts(demande)
        if not _accord_est_depasse(demande):
            return lus
        return [replace(un, demande=un.en_vigueur) if un.champ == ACCORD else un for un in lus]

    @classmethod
    def resumer(cls, demande: Demande) -> str:
        return f"{cls.LIBELLE} · {demande.responsable}"


def _accord_est_depasse(demande: Demande) -> bool:
    """Whether this adult has agreed to invoices by e-mail, or withdrawn, on the page of invoices since the demande was sent: the
    most recent act is the one that counts, whenever the service decides."""
    if demande.depose_le is None or demande.responsable is None:
        return False
    return accord_change_depuis(demande.responsable, demande.depose_le)


def suivre_le_courriel(adulte: Responsable, ancien: str, par: Compte | None) -> None:
    """The account follows the address on file, since that is where a forgotten password is written; the old one is told."""
    comptes = Compte.objects.filter(
        Q(acces__responsable=adulte) | Q(acces__responsable=None, email=ancien, email__gt=""),
        acces__famille_id=adulte.famille_id,
    ).order_by("pk")
    for compte in comptes:
        compte.email = adulte.courriel
        compte.save(update_fields=["email"])
        noter(par, "compte.courriel_change", compte, dossier=f"famille:{adulte.famille_id}")
    if ancien:
        ecrire("courriel_change", [ancien], {"adulte": str(adulte)}, dossier=f"famille:{adulte.famille_id}")
