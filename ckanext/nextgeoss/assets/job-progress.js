// Keeps the progress of a running harvest job up to date; at its end the whole report is loaded.
(function () {
  const find = (page) => page.getElementById('eo-job')
  const seconds = () => Number(find(document)?.dataset.eoRefresh)

  async function refresh () {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const now = answer.ok && find(page)
        if (now && !now.dataset.eoRefresh) return location.reload()
        if (now) find(document).replaceWith(document.adoptNode(now))
      } catch (error) {
        // the site is away: the next try may find it
      }
    }
    setTimeout(refresh, seconds() * 1000)
  }

  if (seconds()) setTimeout(refresh, seconds() * 1000)
})();
