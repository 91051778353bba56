"""The money of the demonstration: the months gone by are billed, some invoices paid, one not yet, one corrected by an avoir, one
paid twice and given back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

from marelle.activites.models import Activite, Ouverture
from marelle.comptes.models import Agent
from marelle.creances.encaissement import encaisser
from marelle.creances.models import Facture, Mandat, Paiement, Regie
from marelle.creances.payeurs import payeurs_des
from marelle.creances.regies import options_de, regies
from marelle.creances.soldes import avec_restes, solde
from marelle.demandes.contexte import est_de_l_age
from marelle.facturation import campagnes
from marelle.facturation.avoirs import faire_un_avoir, lignes_a_rendre
from marelle.facturation.emission import emettre_campagne
from marelle.familles.models import Enfant, Famille
from marelle.regie.remboursements import Demande, rembourser
from marelle.regles.phrases import MOIS
from marelle.socle.horloge import PARIS, a_l_instant, aujourdhui, maintenant

from .passe import Inscription, inscrire, jours_voulus
from .voisins import Voisin

SERVICE = "Camille Aubert"
MOIS_FACTURES = 2
JOUR_DES_FACTURES = 5


def mandats() -> None:
    """The régisseuse and the direction are named for every régie: they may record money."""
    qualites = {"regie1": Mandat.Qualite.TITULAIRE, "direction1": Mandat.Qualite.SUPPLEANT}
    for agent in Agent.objects.filter(compte__username__in=qualites).select_related("compte").order_by("pk"):
        for regie in Regie.objects.filter(code__in=[une.code for une in regies()]).order_by("code"):
            Mandat.objects.get_or_create(
                agent=agent,
                regie=regie,
                defaults={"qualite": qualites[agent.compte.username], "debut": date(2024, 9, 1)},
            )


def vie_des_comptes(familles: dict[str, Famille], voisins: Sequence[Voisin]) -> None:
    """Bookings of the past months, their invoices, what was paid of them."""
    mandats()
    mois = list(_mois_passes())
    facturees = [familles["famille1"], familles["famille3"], familles["famille4"]]
    enfants = [(famille, enfant) for famille in facturees for enfant in famille.enfants.order_by("pk")]
    enfants += [(un.famille, un.enfant) for un in voisins[:14]]
    for debut, fin in mois:
        _reserver(enfants, debut, fin)
    for rang, (debut, fin) in enumerate(mois):
        _facturer(debut, fin)
        _encaisser(debut, tout=rang < len(mois) - 1)
    _avoir(familles["famille1"])
    _paye_deux_fois(familles["famille3"])


def _mois_passes() -> Iterator[tuple[date, date]]:
    """The last whole months, the oldest first."""
    premier = aujourdhui().replace(day=1)
    for combien in range(MOIS_FACTURES, 0, -1):
        debut = premier
        for _ in range(combien):
            debut = (debut - timedelta(days=1)).replace(day=1)
        yield debut, (debut + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _reserver(enfants: Sequence[tuple[Famille, Enfant]], debut: date, fin: date) -> None:
    """Every activity that was open then has its regulars: each child on some of its days, asked for well before."""
    demandee = datetime.combine(debut - timedelta(days=20), datetime.min.time(), PARIS).replace(hour=19)
    voulues, pris = [], set()
    for activite in Activite.objects.filter(est_active=True).order_by("ordre", "pk")[:6]:
        unite = activite.unites.order_by("ordre", "pk").first()
        ouvertures = list(
            Ouverture.objects.filter(unite=unite, date__range=(debut, fin), fermeture="")
            .select_related("groupe")
            .prefetch_related("jauges")
            .order_by("date", "pk")
        )
        for rang, (famille, enfant) in enumerate(enfants):
            siennes = [
                une for une in ouvertures
                if est_de_l_age(enfant, une, activite) and (enfant.pk, activite.temps, une.date) not in pris
            ][rang % 2 :: 1 + rang % 3]  # fmt: skip
            if siennes and (rang + activite.pk) % 2 == 0:
                jours = tuple(jours_voulus(siennes))
                quand = demandee + timedelta(minutes=rang)
                pris |= {(enfant.pk, activite.temps, une.date) for une in siennes}
                voulues.append(Inscription(famille.pk, enfant.pk, activite.pk, jours, quand))
    inscrire(voulues, SERVICE)


def _facturer(debut: date, fin: date) -> None:
    """Prepared by the service on the fifth of the month after, and issued at once."""
    agent = Agent.objects.filter(compte__username="agent1").first()
    with a_l_instant(_le_cinq_apres(fin)):
        for regie in Regie.objects.filter(code__in=[une.code for une in regies()]).order_by("code"):
            nom = f"{MOIS[debut.month - 1].capitalize()} {debut.year}"
            une = campagnes.preparer(
                regie, libelle=nom, debut=debut, fin=fin, agent=agent, moment="apres"
            )  # fmt: skip
            if une.prevues.filter(etat="prevue").exists():
                campagnes.lancer(une, campagnes.empreinte(une), agent)
                emettre_campagne.call(une.pk)
            else:
                une.delete()


def _le_cinq_apres(fin: date) -> datetime:
    """Nine o'clock on the fifth; an hour ago when it has not come yet."""
    le_cinq = (fin + timedelta(days=JOUR_DES_FACTURES)).replace(day=JOUR_DES_FACTURES)
    instant = datetime.combine(le_cinq, datetime.min.time(), PARIS).replace(hour=9)
    return min(instant, maintenant() - timedelta(hours=1))


def _encaisser(debut: date, *, tout: bool) -> None:
    """Those of the months before are paid (all but one household), of the last month one in three."""
    regisseuse = Agent.objects.filter(compte__username="regie1").first()
    factures = avec_restes(Facture.objects.filter(periode_debut=debut, sorte=Facture.Sorte.FACTURE))
    for rang, facture in enumerate(factures.select_related("regie", "payeur").order_by("rang")):
        options = options_de(facture.regie)
        reste = facture.reste_centimes  # type: ignore[attr-defined]
        if not reste or (rang % 7 == 6 if tout else rang % 3 != 1):
            continue
        instant = datetime.combine(facture.date_emission, datetime.min.time(), PARIS) + timedelta(
            days=6 + rang % 9, hours=10
        )
        with a_l_instant(min(instant, maintenant() - timedelta(minutes=30))):
            if options.est_titre:
                encaisser(
                    facture.regie, facture.payeur, reste, Paiement.Mode.TRESOR, auteur=None, factures=[(facture, reste)]
                )
            elif regisseuse is not None and options.modes:
                mode = next((un for un in ("cheque", "carte", "virement") if un in options.modes), options.modes[0])
                encaisser(
                    facture.regie, facture.payeur, reste, mode, auteur=regisseuse, factures=[(facture, reste)],
                    emetteur="Banque d’exemple" if mode == "cheque" else "", reference=f"{7000 + rang}",
                )  # fmt: skip


def _avoir(famille: Famille) -> None:
    """A day of the first household that the service gives back, ten days after its last invoice."""
    payeur = payeurs_des([famille.pk])[famille.pk]
    facture = (
        Facture.objects.filter(payeur=payeur, sorte=Facture.Sorte.FACTURE).order_by("date_emission", "rang").last()
    )
    agent = Agent.objects.filter(compte__username="agent1").first()
    if facture is None:
        return
    instant = datetime.combine(facture.date_emission, datetime.min.time(), PARIS) + timedelta(days=8, hours=15)
    with a_l_instant(min(instant, maintenant() - timedelta(minutes=20))):
        for une in lignes_a_rendre(facture):
            if une.reste_centimes > 0:
                faire_un_avoir(
                    facture,
                    {une.ligne.pk: une.reste_centimes},
                    "Accueil fermé ce jour-là : la journée est rendue.",
                    agent=agent,
                )
                return


def _paye_deux_fois(famille: Famille) -> None:
    """The last invoice of the third household came by transfer twice: the régisseuse gives the second one back."""
    payeur = payeurs_des([famille.pk])[famille.pk]
    regisseuse = Agent.objects.filter(compte__username="regie1").first()
    facture = (
        Facture.objects.filter(payeur=payeur, sorte=Facture.Sorte.FACTURE).order_by("date_emission", "rang").last()
    )
    if facture is None or regisseuse is None:
        return
    regie, montant, virement = facture.regie, facture.montant_centimes, Paiement.Mode.VIREMENT
    options = options_de(regie)
    if options.est_titre or not options.acompte or virement not in options.modes:
        return
    if (du := solde(payeur, regie)) > 0:
        with _apres(facture, 10, 28):
            encaisser(regie, payeur, du, virement, auteur=regisseuse, reference="VIR 0417")
    with _apres(facture, 12, 24):
        encaisser(regie, payeur, montant, virement, auteur=regisseuse, reference="VIR 0422")
    with _apres(facture, 15, 12):
        rendu = Demande(
            virement, montant, aujourdhui(), "facture-payee-deux-fois", "Facture payée deux fois", "VIR R-031"
        )
        rembourser(regie, payeur, rendu, auteur=regisseuse)


def _apres(facture: Facture, jours: int, minutes: int) -> AbstractContextManager[None]:
    """So many days after an invoice; so many minutes ago when that has not come yet."""
    instant = datetime.combine(facture.date_emission, datetime.min.time(), PARIS) + timedelta(days=jours, hours=11)
    return a_l_instant(min(instant, maintenant() - timedelta(minutes=minutes)))
