// A panel that is fetched when it is first opened, and buttons that copy the code they stand above.
(function () {
  async function copy (code) {
    if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent)
    // a page that came by plain HTTP has only what is selected
    getSelection().selectAllChildren(code)
    document.execCommand('copy')
  }

  function addButtons (holder) {
    const { eoCopy, eoCopied } = holder.dataset
    for (const code of holder.querySelectorAll('pre')) {
      const button = Object.assign(document.createElement('button'), {
        type: 'button', className: 'btn btn-sm btn-light border eo-copy', textContent: eoCopy
      })
      button.addEventListener('click', async () => {
        await copy(code)
        button.textContent = eoCopied
        setTimeout(() => { button.textContent = eoCopy }, 2000)
      })
      code.before(button)
    }
  }

  async function load (panel) {
    const answer = await fetch(panel.dataset.eoLoad, { headers: { Accept: 'text/html' } })
    if (!answer.ok) throw new Error(answer.statusText)
    panel.innerHTML = await answer.text()
    panel.querySelectorAll('[data-eo-copy]').forEach(addButtons)
  }

  document.querySelectorAll('[data-eo-copy]').forEach(addButtons)
  for (const panel of document.querySelectorAll('[data-eo-load]')) {
    const holder = panel.closest('details')
    let asked = false
    const ask = () => {
      if (asked || !holder.open) return
      asked = true
      panel.setAttribute('aria-busy', 'true')
      // the link below leads to the same; another opening tries again
      load(panel).catch(() => { asked = false }).finally(() => panel.removeAttribute('aria-busy'))
    }
    holder.addEventListener('toggle', ask)
    ask() // who was quicker than this script has opened it already
  }
})();
