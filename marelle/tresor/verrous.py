"""What has gone to the accountant, and what came back, is never rewritten: the database refuses it, whoever asks."""

from marelle.socle.immuable import Verrou, Verrous

verrous = Verrous(
    Verrou("tresor_export", "Un export transmis ne se modifie pas : annulez-le"),
    Verrou("tresor_fichierexport", "Le fichier d’un export ne se remplace pas"),
    Verrou("tresor_annulationexport", "L’annulation d’un export ne se défait pas"),
    Verrou("tresor_pieceexportee", "Ce qui est parti au comptable ne se modifie pas"),
    Verrou("tresor_referencetitre", "Une référence de titre ne se modifie pas : la suivante la remplace"),
    Verrou("tresor_importretour", "Un retour du Trésor ne se modifie pas"),
)
poser, lever = verrous.poser, verrous.lever
