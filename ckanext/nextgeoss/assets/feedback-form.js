// Conveniences of the form of feedback; it works without them: what is wrong is at hand, a DOI is looked up in place.
(function () {
  'use strict';
  const first = document.getElementById('errors') || document.getElementById('warnings');
  // who was quicker than this script, and is elsewhere by now, stays there
  if (first && (!document.activeElement || document.activeElement === document.body)) first.focus();
  const form = document.getElementById('fb-form');
  const button = document.getElementById('fb-doi');
  if (!form || !button) return;
  const told = document.getElementById('fb-doi-told');
  let native = false;

  form.addEventListener('submit', (event) => {
    if (event.submitter !== button || native) return;
    event.preventDefault();
    lookUp();
  });

  // The page that would have come is read, and what it has of the publication is taken over.
  async function lookUp() {
    const data = new FormData(form);
    data.set('step', 'doi');
    told.textContent = button.dataset.busy;
    button.disabled = true;
    try {
      const answer = await fetch(location.href, { method: 'POST', body: data });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const filled = page.getElementById('fb-form');
      if (!filled) throw new Error('no form: signed out, or something worse, which the whole page tells');
      takeOver(page, filled);
    } catch {
      native = true;
      button.disabled = false;
      button.click();
    }
    button.disabled = false;
  }

  function takeOver(page, filled) {
    for (const field of Array.from(filled.elements)) {
      const mine = field.name.startsWith('publication_') && form.elements[field.name];
      if (mine) mine.value = field.value;
    }
    const wrong = page.getElementById('error-publication_doi');
    const doi = form.elements.publication_doi;
    doi.toggleAttribute('aria-invalid', Boolean(wrong));
    if (wrong) doi.setAttribute('aria-invalid', 'true');
    told.classList.toggle('eo-error', Boolean(wrong));
    told.textContent = (wrong || page.getElementById('fb-doi-told')).textContent.trim();
    form.dispatchEvent(new Event('input', { bubbles: true }));
  }
})();
