"""The households at the desk: search, open, correct, invite, book for them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marelle.activites.gestion import unites_de
from marelle.collectivite.identite import identite
from marelle.comptes.acces import adresse_invitation
from marelle.comptes.connexion import adresse_est_partagee
from marelle.comptes.droits import Droit
from marelle.correspondance.selection import fils_de_la_famille
from marelle.courriels.selection import courriels
from marelle.demandes import direct
from marelle.demandes.dossier import etats_des_dossiers
from marelle.demandes.file import demandes_de
from marelle.demandes.foyers import autres_foyers
from marelle.editions import produire
from marelle.familles import gestion
from marelle.familles.models import Acces
from marelle.familles.selection import adultes_de
from marelle.reservations.selection import a_venir
from marelle.scolarite.doublons import doublons_de
from marelle.scolarite.scolarites import scolarites_des
from marelle.socle.erreurs import Refus
from marelle.socle.formulaires import texte_recu
from marelle.socle.francais import compte, de
from marelle.socle.pays import lignes_d_adresse
from marelle.tarification.quotients import quotient_en_vigueur

from ..formulaires.familles import FicheAdulte, FicheEnfantDuGuichet, InscriptionDirecte, NouvelleFamille
from ..personne import RequeteAgent, auteur, pour

PAR_PAGE = 30
FORMULAIRE = ["GET", "HEAD", "POST"]


@require_safe
@pour(Droit.LIRE_FAMILLES)
def familles(request: RequeteAgent) -> HttpResponse:
    """The households found, all without a word; when none is, those whose names look like what was written."""
    texte = texte_recu(request.GET, "q")
    trouvees = gestion.familles_trouvees(texte)
    proches = [] if trouvees else gestion.familles_proches(texte)
    feuille = Paginator(trouvees or proches, PAR_PAGE).get_page(request.GET.get("page"))
    lues = gestion.familles_lues([*feuille])
    gardee = request.GET.copy()
    gardee.pop("page", None)
    requete = f"{gardee.urlencode()}&" if gardee else ""
    contexte = {"page": feuille, "familles": lues, "texte": texte, "requete": requete, "proches": bool(proches)}
    return render(request, "guichet/familles.html", contexte)


@require_safe
@pour(Droit.LIRE_FAMILLES)
def famille(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """One household: its people, its accesses, what it has asked, what is booked, what it was written."""
    une = gestion.une_famille(famille_id)
    enfants = list(une.enfants.order_by("date_naissance", "pk"))
    cles = [enfant.pk for enfant in enfants]
    dossiers, autres = etats_des_dossiers(une, cles), autres_foyers(une, cles)
    contexte = {
        "famille": une,
        "adultes": adultes_de(une),
        "enfants": [(enfant, dossiers.get(enfant.pk), autres.get(enfant.pk)) for enfant in enfants],
        "acces": [
            {"vu": vu, "est_partagee": bool(vu.acces.compte.email and adresse_est_partagee(vu.acces.compte.email))}
            for vu in gestion.acces_de_la_famille(une)
        ],
        "scolarites": scolarites_des(enfants),
        "quotient": quotient_en_vigueur(une),
        "demandes": demandes_de(request.agent, une),
        "reservations": a_venir(une),
        "fils": fils_de_la_famille(request.agent, une) if request.agent.peut(Droit.LIRE_MESSAGES) else [],
        "courriels": courriels(dossier=f"famille:{une.pk}")[:10] if request.agent.peut(Droit.LIRE_COURRIELS) else [],
    }
    return render(request, "guichet/famille.html", contexte)


@require_http_methods(FORMULAIRE)
@pour(Droit.GERER_FAMILLES)
def nouvelle(request: RequeteAgent) -> HttpResponse:
    """Open a household in one page; those that may be the same are shown first."""
    partage = identite().acces_partage
    saisie = NouvelleFamille(request.POST if request.method == "POST" else None, partage=partage)
    est_saisie = request.method == "POST" and saisie.est_valide()
    doublons = doublons_de(saisie.contenu) if est_saisie else []
    if est_saisie and (saisie.est_verifiee or not doublons):
        nee = gestion.creer_famille(
            saisie.foyer.cleaned_data["nom"],
            saisie.adultes_saisis(),
            saisie.enfants_saisis(),
            request.agent,
            acces_partage=saisie.foyer.cleaned_data["acces"] == "partage",
        )
        messages.success(request, f"La famille {nee.nom} est créée sous le numéro {nee.numero}. Invitez-la ci-dessous.")
        return redirect("guichet:famille", nee.pk)
    contexte = {"saisie": saisie, "doublons": doublons}
    return render(request, "guichet/famille_nouvelle.html", contexte, status=422 if saisie.fautes or doublons else 200)


@require_http_methods(FORMULAIRE)
@pour(Droit.GERER_FAMILLES)
def adulte(request: RequeteAgent, famille_id: int, adulte_id: int) -> HttpResponse:
    une = gestion.une_famille(famille_id)
    fiche = FicheAdulte(request.POST or None, instance=gestion.un_adulte(une, adulte_id))
    return _corriger(request, une, fiche, str(gestion.un_adulte(une, adulte_id)))


@require_http_methods(FORMULAIRE)
@pour(Droit.GERER_FAMILLES)
def enfant(request: RequeteAgent, famille_id: int, enfant_id: int) -> HttpResponse:
    une = gestion.une_famille(famille_id)
    le = gestion.un_enfant(une, enfant_id)
    fiche = FicheEnfantDuGuichet(request.POST or None, instance=gestion.un_enfant(une, enfant_id))
    return _corriger(request, une, fiche, str(le), enfant=le)


def _corriger(request: RequeteAgent, famille: Any, fiche: Any, qui: str, **de_plus: Any) -> HttpResponse:
    if request.method == "POST" and fiche.is_valid():
        gestion.modifier(fiche.save(commit=False), famille, request.agent)
        messages.success(request, f"La fiche {de(qui)} est corrigée.")
        return redirect("guichet:famille", famille.pk)
    contexte = {"famille": famille, "fiche": fiche, "qui": qui, "enfant": None, **de_plus}
    return render(request, "guichet/fiche.html", contexte, status=422 if fiche.errors else 200)


@require_POST
@pour(Droit.GERER_FAMILLES)
def inviter(request: RequeteAgent, famille_id: int, acces_id: int) -> HttpResponse:
    """A new link, by e-mail or as a letter to print; either cancels the link before."""
    une = gestion.une_famille(famille_id)
    acces = gestion.un_acces(une, acces_id)
    par_lettre = request.POST.get("par") == "lettre"
    par_courriel = not par_lettre or "aussi" in request.POST
    try:
        invitation, jeton, ecrit = gestion.inviter(acces, request.agent, par_courriel=par_courriel)
    except IntegrityError:  # a colleague has just invited the same access
        raise Refus("Un collègue vient d’inviter cet accès : rechargez la page.") from None
    if par_lettre:
        return _lettre(request, acces, invitation, jeton)
    if ecrit:
        messages.success(request, f"L’invitation part à {acces.compte.email}. La précédente ne marche plus.")
    else:
        messages.error(request, "Cet accès n’a pas d’adresse e-mail : imprimez la lettre d’invitation.")
    return redirect("guichet:famille", une.pk)


def _lettre(request: RequeteAgent, acces: Acces, invitation: Any, jeton: str) -> HttpResponse:
    adultes = [acces.responsable] if acces.responsable else adultes_de(acces.famille)[:1]
    lignes = [ligne for un in adultes for ligne in lignes_d_adresse(vars(un))]
    donnees = {
        "destinataire": {"nom": str(acces.responsable or f"Famille {acces.famille.nom}"), "adresse": lignes},
        "identifiant": acces.compte.username,
        "lien": request.build_absolute_uri(adresse_invitation(jeton)),
        "valable_jusqu_au": invitation.expire_le,
        "enfants": [un.prenom for un in acces.famille.enfants.order_by("date_naissance", "pk")],
    }
    reponse = HttpResponse(produire("invitation", donnees), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="invitation-{acces.compte.username}.pdf"'
    return reponse


@require_http_methods(FORMULAIRE)
@pour(Droit.DECIDER_DEMANDES)
def inscrire(request: RequeteAgent, famille_id: int) -> HttpResponse:
    """Book or cancel for the family, at once; a link may say what is known already."""
    une = gestion.une_famille(famille_id)
    enfants = list(une.enfants.order_by("date_naissance", "pk"))
    donnees = request.POST if request.method == "POST" else None
    saisie = InscriptionDirecte(enfants, unites_de(request.agent), request.agent, donnees, su=request.GET.dict())
    if request.method == "POST" and saisie.is_valid():
        try:
            return _inscrire(request, une, saisie)
        except Refus as refus:
            return _page_d_inscription(request, une, saisie, refus.phrase, refus.statut)
    return _page_d_inscription(request, une, saisie, "", 422 if saisie.errors else 200)


def _inscrire(request: RequeteAgent, famille: Any, saisie: InscriptionDirecte) -> HttpResponse:
    donnees = saisie.cleaned_data
    choix = direct.Choix(famille, saisie.enfants[donnees["enfant"]], saisie.unites[donnees["unite"]], saisie.dates)
    agir = direct.inscrire if donnees["action"] == "inscrire" else direct.desinscrire
    demande = agir(choix, auteur(request), derogation=donnees.get("derogation", ""))
    fait = "inscrits" if donnees["action"] == "inscrire" else "annulés"
    nombre = demande.jours.count()
    messages.success(request, f"{choix.enfant.prenom} : {compte(nombre, 'jour')} {fait if nombre > 1 else fait[:-1]}.")
    return redirect("guichet:famille", famille.pk)


def _page_d_inscription(request: RequeteAgent, famille: Any, saisie: BaseForm, refus: str, statut: int) -> HttpResponse:
    contexte = {"famille": famille, "saisie": saisie, "refus": refus}
    return render(request, "guichet/famille_inscrire.html", contexte, status=statut)
