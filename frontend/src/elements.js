// Page elements made by the script. Texts come from the page and are only ever set as text.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value)
    else if (value !== false && value !== undefined) made.setAttribute(key, value)
  }
  made.append(...children)
  return made
}

export function button(text, onClick, attributes = {}) {
  return element('button', { type: 'button', class: 'btn btn-sm btn-light border', click: onClick, ...attributes }, text)
}
