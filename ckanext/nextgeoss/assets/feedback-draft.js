// What is typed into the form of feedback is kept in this browser until the hub has taken it, or a week: it survives a
// reload, a session that has ended, a computer that was switched off. The hub says by a cookie which draft it has taken.
(function () {
  'use strict';
  const PREFIX = 'feedback-draft:';
  const WEEK = 7 * 24 * 3600 * 1000;
  let store;
  try { store = window.localStorage; } catch { return; } // closed by the user: nothing is kept
  if (!store) return;

  function read(key) {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  }

  function tidy() {
    const sent = /(?:^|; )feedback_sent=([0-9a-f-]+)/.exec(document.cookie);
    for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
      const entry = read(key);
      if (!entry || entry.id === (sent && sent[1]) || Date.now() - entry.at > WEEK) store.removeItem(key);
    }
    if (sent) document.cookie = 'feedback_sent=; Max-Age=0; path=/; SameSite=Lax';
  }

  tidy();
  const form = document.getElementById('fb-form');
  if (!form) return;
  const key = PREFIX + form.dataset.draft;
  // not the field that must stay empty, and nothing that the hub has signed
  const kept = (field) => field.name && field.name !== form.dataset.trap && !['hidden', 'submit', 'button'].includes(field.type);
  const fields = () => Array.from(form.elements).filter(kept);
  const given = values(asGiven);
  const early = typed(); // before this script had come, or what the browser itself brought back
  const entry = read(key);
  const sent = form.elements.draft; // the hub gives it back with a form that was not right
  const id = sent ? sent.value : entry ? entry.id : random();
  if (!sent) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'draft', value: id }));

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  function asIs(field) {
    return { checked: field.checked, value: field.value };
  }

  function asGiven(field) {
    if (!field.options) return { checked: field.defaultChecked, value: field.defaultValue };
    const options = Array.from(field.options);
    const chosen = options.find((option) => option.defaultSelected) || options[0];
    return { value: chosen ? chosen.value : '' };
  }

  function values(how) {
    const found = {};
    for (const field of fields()) {
      const { checked, value } = how(field);
      if (field.type === 'checkbox') found[field.name] = checked;
      else if (field.type !== 'radio' || checked) found[field.name] = value;
    }
    return found;
  }

  function typed() {
    return Object.fromEntries(Object.entries(values(asIs)).filter(([name, value]) => value !== given[name]));
  }

  function fill(wanted) {
    for (const field of fields()) {
      if (!(field.name in wanted)) continue;
      if (field.type === 'checkbox') field.checked = wanted[field.name];
      else if (field.type === 'radio') field.checked = field.value === wanted[field.name];
      else field.value = wanted[field.name];
      const group = field.closest('details');
      if (group && String(wanted[field.name]) !== String(given[field.name])) group.open = true;
    }
    for (const field of fields()) if (field.type === 'number') field.dispatchEvent(new Event('input'));
  }

  function save() {
    keep(values(asIs), Boolean(form.elements.long));
  }

  function keep(found, long) {
    const made = { id, at: Date.now(), long, values: found };
    try { store.setItem(key, JSON.stringify(made)); } catch { /* a full store keeps nothing */ }
  }

  function restore() {
    const wanted = { ...entry.values, ...early };
    if (new URLSearchParams(location.search).get('rating')) delete wanted.rating; // the star that was just chosen
    if (Object.keys(wanted).every((name) => wanted[name] === (name in given ? given[name] : ''))) return;
    if (Object.keys(early).length) keep(wanted, entry.long || Boolean(form.elements.long));
    if (entry.long && !form.elements.long) {
      const address = new URL(location.href);
      address.searchParams.set('long', 'yes');
      location.replace(address);
      return;
    }
    fill(wanted);
    const note = document.getElementById('fb-draft');
    note.hidden = false;
    note.querySelector('button').addEventListener('click', () => {
      store.removeItem(key);
      fill(given);
      note.hidden = true;
      form.elements.abstract.focus();
    });
  }

  if (form.dataset.answered) save();
  else if (entry) restore();
  else if (Object.keys(early).length) save();
  form.addEventListener('input', save);
  form.addEventListener('change', save);
})();
