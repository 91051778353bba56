/* The cryptogramme answered by the browser: it looks for a number, while the person fills in the form.
   Without this script, or when it fails, the question stays. */
(() => {
  "use strict";
  const zone = document.querySelector("[data-cryptogramme]");
  const formulaire = zone && zone.closest("form");
  if (!formulaire || !window.crypto || !crypto.subtle || !formulaire.requestSubmit) return;
  const question = zone.querySelector("[data-question]"), etat = zone.querySelector("[role=status]");
  const jeton = zone.querySelector("[name$=_jeton]"), preuve = zone.querySelector("[name$=_preuve]");
  const LOT = 16, PATIENCE_MS = 20000, octets = new TextEncoder();
  const dire = (quoi) => { etat.textContent = zone.dataset[quoi]; };
  const hexa = (tampon) => Array.from(new Uint8Array(tampon), (o) => o.toString(16).padStart(2, "0")).join("");

  const derive = async (nombre) => {
    const cle = await crypto.subtle.importKey("raw", octets.encode(String(nombre)), "PBKDF2", false, ["deriveBits"]);
    const sel = octets.encode(jeton.value), iterations = Number(zone.dataset.tours);
    return hexa(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: sel, iterations }, cle, 256));
  };
  const cherche = async () => {
    for (let premier = 1; premier <= Number(zone.dataset.borne); premier += LOT) {
      const lot = await Promise.all(Array.from({ length: LOT }, (_, rang) => derive(premier + rang)));
      const rang = lot.indexOf(zone.dataset.cible);
      if (rang >= 0) return premier + rang;
    }
    throw new Error("aucun nombre");
  };
  const demande = () => { if (!preuve.value) { question.hidden = false; dire("echec"); } };

  question.hidden = true;
  if (preuve.value) { dire("faite"); return; }
  dire("enCours");
  const fin = setTimeout(demande, PATIENCE_MS);
  const trouve = cherche().then((nombre) => {
    preuve.value = nombre; question.hidden = true; dire("faite");
  }).catch(demande).finally(() => clearTimeout(fin));
  /* Sent before the number is found: it leaves as soon as it is. */
  formulaire.addEventListener("submit", (e) => {
    if (preuve.value || !question.hidden) return;
    e.preventDefault();
    trouve.then(() => { if (preuve.value) formulaire.requestSubmit(e.submitter); });
  });
})();
