// Loads the map bundle when a map comes into view: most of the weight of a page, and below the fold on a phone.
(function () {
  const holders = document.querySelectorAll('[data-eo-map]')
  if (!holders.length) return
  holders.forEach((holder) => holder.replaceChildren()) // what is said to those without scripts

  function load() {
    const { script, style } = holders[0].dataset
    document.head.append(
      Object.assign(document.createElement('link'), { rel: 'stylesheet', href: style }),
      Object.assign(document.createElement('script'), { src: script, async: true }),
    )
  }

  if (!('IntersectionObserver' in window)) return load()
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    observer.disconnect()
    load()
  }, { rootMargin: '200px' })
  holders.forEach((holder) => observer.observe(holder))
})();
