// Buttons that copy the code they stand above.
(function () {
  if (!navigator.clipboard) return // of pages that came by plain HTTP
  for (const holder of document.querySelectorAll('[data-eo-copy]')) {
    const { eoCopy, eoCopied } = holder.dataset
    for (const code of holder.querySelectorAll('pre')) {
      const button = Object.assign(document.createElement('button'), {
        type: 'button', className: 'btn btn-sm btn-light border eo-copy', textContent: eoCopy
      })
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(code.textContent)
        button.textContent = eoCopied
        setTimeout(() => { button.textContent = eoCopy }, 2000)
      })
      code.before(button)
    }
  }
})();
