// One map for each element with `data-eo-map`; what it shows and where it writes is said by the data attributes.
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import Feature from 'ol/Feature.js'
import DragBox from 'ol/interaction/DragBox.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import { always } from 'ol/events/condition.js'
import { containsExtent } from 'ol/extent.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import { Fill, Stroke, Style } from 'ol/style.js'
import { basemapLayer, graticuleLayer, loadWorld } from './basemap.js'
import { boxOfExtent, formatBox, parseBox } from './box.js'
import { Corners, handles } from './corners.js'
import { button, element } from './elements.js'
import { bestProjection, PROJECTIONS } from './projections.js'
import { Results } from './results.js'
import { boxGeometry } from './shapes.js'

const AREA = new Style({
  stroke: new Stroke({ color: '#7a1fa2', width: 2, lineDash: [6, 4] }),
  fill: new Fill({ color: 'rgba(122, 31, 162, 0.06)' }),
})

class EoMap {
  constructor(holder) {
    this.data = holder.dataset
    this.text = JSON.parse(this.data.text)
    this.fields = (this.data.boxField ?? '').split(' ').map((id) => document.getElementById(id)).filter(Boolean)
    this.results = new Results(JSON.parse(document.getElementById(this.data.footprints).textContent))
    this.area = new VectorSource()
    this.canvas = element('div', { class: 'eo-map-canvas', tabindex: '0', role: 'application', 'aria-label': this.text.map })
    this.status = element('div', { class: 'eo-map-status', 'aria-live': 'polite' })
    holder.replaceChildren(this.toolbar(), this.canvas, this.status)
    holder.classList.add('eo-map-ready')
    whenSized(this.canvas, () => this.makeMap())
  }

  async makeMap() {
    this.map = new OlMap({ target: this.canvas, layers: [], interactions: interactions({ onFocusOnly: true }) })
    this.drawing = new DragBox({ condition: always, className: 'ol-dragbox eo-dragbox' })
    this.drawing.setActive(false)
    this.drawing.on('boxend', () => this.setBox(this.drawing.getGeometry().getExtent()))
    this.map.addInteraction(this.drawing)
    this.map.on('pointermove', (event) => !event.dragging && this.hover(event.pixel))
    this.map.on('singleclick', (event) => this.click(event.pixel))
    if (this.fields.length) this.makeEditable()
    this.project(bestProjection(this.frame()))
    try {
      this.world = await loadWorld(this.data.basemap)
      this.layers()
    } catch {
      this.status.textContent = this.text.noBasemap
    }
    this.map.once('rendercomplete', () => { this.canvas.dataset.drawn = 'true' })
    this.map.render()
  }

  makeEditable() {
    for (const field of this.fields) {
      field.addEventListener('input', () => this.showArea())
      field.addEventListener('change', () => this.reveal())
    }
    this.map.addInteraction(new Corners({
      box: () => this.searchedBox(), projection: () => this.projection, moved: (box) => this.writeBox(formatBox(box)),
    }))
  }

  // What the map shows at first: the searched area, else the footprints.
  frame() {
    return this.searchedBox() ?? (this.data.frame ? parseBox(this.data.frame) : null)
  }

  searchedBox() {
    return this.fields.length ? parseBox(this.fields.map(({ value }) => value).join(',')) : null
  }

  project(name) {
    this.projection = PROJECTIONS[name]
    if (this.choice) this.choice.value = name
    const { code, extent } = this.projection
    const view = new View({ projection: code, center: [0, name === 'world' ? 15 : 0], zoom: 1, minZoom: 0, maxZoom: 14, showFullExtent: true })
    this.map.setView(view)
    this.layers()
    this.results.show(this.projection)
    this.showArea()
    // around footprints so much is shown that one sees where on Earth they are
    const maxZoom = this.searchedBox() ? 9 : 5
    view.fit(this.frameExtent() ?? extent, { size: this.map.getSize(), padding: [24, 24, 24, 24], maxZoom })
  }

  frameExtent() {
    const box = this.frame()
    if (!box) return null
    if (this.projection.pole) {
      const away = this.projection.pole > 0 ? box[1] < 30 : box[3] > -30
      return away ? null : boxGeometry(box, this.projection).getExtent()
    }
    const [west, south, east, north] = box
    return [west, south, west > east ? east + 360 : east, north]
  }

  layers() {
    const ground = this.world ? [basemapLayer(this.world, this.projection), graticuleLayer(this.projection)] : []
    this.map.setLayers([...ground, new VectorLayer({ source: this.area, style: AREA }), this.results.layer])
  }

  toolbar() {
    const projections = Object.keys(PROJECTIONS).map((name) => element('option', { value: name }, this.text[name]))
    this.choice = element('select', {
      class: 'form-select form-select-sm', 'aria-label': this.text.view, change: () => this.project(this.choice.value),
    }, ...projections)
    return element('div', { class: 'eo-map-tools' }, ...(this.fields.length ? this.boxTools() : []), this.choice)
  }

  boxTools() {
    this.drawButton = button(this.text.draw, () => this.draw(!this.drawing.getActive()), { 'aria-pressed': 'false' })
    return [
      this.drawButton,
      button(this.text.useView, () => this.setBox(this.map.getView().calculateExtent(this.map.getSize()))),
      button(this.text.clear, () => this.writeBox('')),
    ]
  }

  draw(on) {
    this.drawing.setActive(on)
    this.drawButton.setAttribute('aria-pressed', String(on))
    this.drawButton.classList.toggle('active', on)
    this.canvas.classList.toggle('eo-drawing', on)
    this.status.textContent = on ? this.text.drawHint : ''
  }

  setBox(extent) {
    this.draw(false)
    this.writeBox(formatBox(boxOfExtent(extent, this.projection)))
  }

  // The form is the interface: the map only fills in its fields.
  writeBox(text) {
    const values = this.fields.length > 1 ? text.split(',') : [text]
    this.fields.forEach((field, at) => { field.value = values[at] ?? '' })
    for (const field of this.fields) field.dispatchEvent(new Event('input', { bubbles: true }))
    this.status.replaceChildren(text ? this.text.areaSet : this.text.areaCleared, ' ', ...this.searchButton())
  }

  searchButton() {
    const form = this.fields[0].form.id
    return this.text.search ? [element('button', { type: 'submit', class: 'btn btn-sm btn-primary', form }, this.text.search)] : []
  }

  showArea() {
    this.area.clear()
    const box = this.searchedBox()
    if (box) this.area.addFeatures([new Feature(boxGeometry(box, this.projection)), ...handles(box, this.projection)])
  }

  // An area that is typed is brought into view.
  reveal() {
    const box = this.searchedBox()
    const view = this.map.getView()
    if (!box || containsExtent(view.calculateExtent(this.map.getSize()), this.frameExtent() ?? [])) return
    if (bestProjection(box) === this.choice.value) view.fit(this.frameExtent(), { padding: [24, 24, 24, 24], maxZoom: 9 })
    else this.project(bestProjection(box))
  }

  hover(pixel) {
    if (this.drawing.getActive()) return
    const found = this.results.at(this.map, pixel)
    const names = found.map(({ name }) => name).join(' ')
    this.canvas.style.cursor = found.length ? 'pointer' : ''
    if (names === this.hovered) return
    this.hovered = names
    this.results.mark(found.map(({ name }) => name))
  }

  click(pixel) {
    const found = this.results.at(this.map, pixel)
    if (this.drawing.getActive() || !found.length) return
    this.results.mark(found.map(({ name }) => name))
    const links = found.map(({ url, title }) => element('li', {}, url ? element('a', { href: url }, title) : title))
    this.status.replaceChildren(element('p', {}, this.text.here), element('ul', {}, ...links))
  }
}

// The script may be there before the style that gives the map its height, and the map in a part that is folded up.
function whenSized(target, start) {
  const observer = new ResizeObserver(() => {
    if (!target.clientWidth || !target.clientHeight || target.checkVisibility?.() === false) return
    observer.disconnect()
    start()
  })
  observer.observe(target)
}

for (const holder of document.querySelectorAll('[data-eo-map]')) new EoMap(holder)
