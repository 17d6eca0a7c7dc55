// Keeps addresses short: fields left empty are not sent.
(function () {
  const form = document.getElementById('eo-search')
  form?.addEventListener('submit', () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true
  })
  // a page that comes back from the browser's memory has its fields again
  window.addEventListener('pageshow', () => {
    for (const field of form?.elements ?? []) field.disabled = false
  })
})();
