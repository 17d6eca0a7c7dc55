// Keys for moderators; the page works without them. They are off while somebody types, and can be switched off.
(function () {
  'use strict';
  const form = document.getElementById('queue');
  if (!form) return;
  const help = document.getElementById('keys');
  const on = document.getElementById('keys-on');
  const all = document.getElementById('choose-all');
  const boxes = Array.from(form.querySelectorAll('input[name="ids"]'));
  const rows = Array.from(form.querySelectorAll('.fb-queued'));
  const store = 'feedback-queue-keys';
  let at = -1;

  const chosen = () => boxes.filter((box) => box.checked);
  const tell = () => {
    const number = chosen().length;
    document.getElementById('chosen').textContent = number ? form.dataset.some.replace('{number}', number) : '';
  };
  const go = (to) => {
    if (to < 0 || to >= rows.length) return;
    if (rows[at]) rows[at].classList.remove('fb-at');
    at = to;
    rows[at].classList.add('fb-at');
    rows[at].scrollIntoView({ block: 'center' });
    // a box that is not theirs to tick takes no focus: its row does
    const box = rows[at].querySelector('input[name="ids"]');
    if (box.disabled) { rows[at].tabIndex = -1; rows[at].focus(); } else box.focus();
  };
  const toggle = () => {
    const box = rows[at] && rows[at].querySelector('input[name="ids"]');
    if (box && !box.disabled) box.checked = !box.checked;
    tell();
  };
  const decide = (key) => {
    const button = form.querySelector('button[data-key="' + key + '"]');
    if (!button) return;
    if (!chosen().length) toggle();
    if (!chosen().length) return;
    const reason = document.getElementById('reason');
    if (key === 'h' && !reason.value.trim() && !document.getElementById('preset').value) {
      document.getElementById('preset').focus();
      return;
    }
    form.requestSubmit(button);
  };
  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: toggle,
    a: () => decide('a'),
    h: () => decide('h'),
    '?': () => { help.open = !help.open; },
  };
  const typing = (element) => element.isContentEditable || ['TEXTAREA', 'SELECT'].includes(element.tagName)
    || (element.tagName === 'INPUT' && element.type !== 'checkbox');

  help.hidden = false;
  try { on.checked = localStorage.getItem(store) !== 'off'; } catch { /* without a store they are on */ }
  on.addEventListener('change', () => {
    try { localStorage.setItem(store, on.checked ? 'on' : 'off'); } catch { /* it is so for this page */ }
  });
  document.addEventListener('keydown', (event) => {
    if (!on.checked || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form.addEventListener('change', tell);
  rows.forEach((row, index) => row.addEventListener('focusin', () => {
    if (rows[at]) rows[at].classList.remove('fb-at');
    at = index;
    row.classList.add('fb-at');
  }));
  all.addEventListener('click', (event) => {
    event.preventDefault();
    const some = boxes.some((box) => !box.disabled && !box.checked);
    boxes.forEach((box) => { if (!box.disabled) box.checked = some; });
    tell();
  });
  tell();
})();
