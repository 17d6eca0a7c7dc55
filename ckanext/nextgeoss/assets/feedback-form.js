// Conveniences of the form of feedback; it works without them. What was typed is kept in this tab until it is sent.
(function () {
  'use strict';
  const errors = document.getElementById('errors');
  if (errors) errors.focus();
  const form = document.getElementById('fb-form');
  if (!form) return;
  const key = 'feedback:' + location.pathname + location.search;
  const kept = (field) => field.name && !['hidden', 'submit', 'password'].includes(field.type);
  const fields = () => Array.from(form.elements).filter(kept);
  let stored = {};
  try { stored = JSON.parse(sessionStorage.getItem(key) || '{}'); } catch { stored = {}; }
  const isNew = !errors && fields().every((field) => field.tagName === 'SELECT' || ['radio', 'checkbox'].includes(field.type) || !field.value);
  if (isNew) {
    for (const field of fields()) {
      if (!(field.name in stored)) continue;
      if (field.type === 'radio') field.checked = field.checked || (!location.search.includes('rating=') && field.value === stored[field.name]);
      else if (field.type === 'checkbox') field.checked = stored[field.name] === true;
      else field.value = stored[field.name];
    }
  }
  const keep = () => {
    const found = {};
    for (const field of fields()) {
      if (field.type === 'radio') { if (field.checked) found[field.name] = field.value; }
      else found[field.name] = field.type === 'checkbox' ? field.checked : field.value;
    }
    try { sessionStorage.setItem(key, JSON.stringify(found)); } catch { /* a full or closed store keeps nothing */ }
  };
  form.addEventListener('input', keep);
  form.addEventListener('submit', (event) => {
    const step = event.submitter && event.submitter.value;
    if (step === 'send' || step === 'draft') sessionStorage.removeItem(key);
  });
})();
