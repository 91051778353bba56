"""A certificate that was given is never rewritten: the database refuses it."""

from marelle.socle.immuable import Verrou, Verrous

verrous = Verrous(
    Verrou("attestations_attestation", "Une attestation émise ne se modifie pas : une nouvelle version la remplace"),
)
poser, lever = verrous.poser, verrous.lever
