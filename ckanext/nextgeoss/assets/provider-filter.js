// A field that narrows the long list of providers of the harvest source form to those that hold its words.
(function () {
  const field = document.getElementById('nextgeoss-provider-filter')
  if (!field) return
  const providers = [...document.querySelectorAll('.nextgeoss-provider')]

  function narrow () {
    const words = field.value.toLowerCase().split(/\s+/)
    for (const provider of providers) {
      const text = provider.textContent.toLowerCase()
      provider.hidden = !provider.querySelector('input[type="radio"]').checked && !words.every((word) => text.includes(word))
    }
  }

  field.parentElement.hidden = false
  field.addEventListener('input', narrow)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault() // it is no reason to send the form
  })
})();
