// Footprints of the products on the page, linked with their entries in the list both ways.
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import CircleStyle from 'ol/style/Circle.js'
import { Fill, Stroke, Style } from 'ol/style.js'
import { readFeatures } from './shapes.js'

const style = (stroke, fill, width) =>
  new Style({
    stroke: new Stroke({ color: stroke, width }),
    fill: new Fill({ color: fill }),
    image: new CircleStyle({ radius: 5, fill: new Fill({ color: fill }), stroke: new Stroke({ color: stroke, width }) }),
  })
const PLAIN = style('#0b6e99', 'rgba(11, 110, 153, 0.14)', 1.5)
const ACTIVE = style('#b3390b', 'rgba(226, 92, 33, 0.35)', 3)

export class Results {
  constructor(collection) {
    this.collection = collection
    this.source = new VectorSource()
    this.layer = new VectorLayer({ source: this.source, style: PLAIN })
    this.entries = new Map([...document.querySelectorAll('[data-eo-footprint]')].map((e) => [e.dataset.eoFootprint, e]))
    for (const [name, entry] of this.entries) {
      const mark = (on) => () => this.mark(on ? [name] : [])
      entry.addEventListener('pointerenter', mark(true))
      entry.addEventListener('pointerleave', mark(false))
      entry.addEventListener('focusin', mark(true))
      entry.addEventListener('focusout', mark(false))
    }
  }

  show(projection) {
    this.source.clear()
    this.source.addFeatures(readFeatures(this.collection, projection))
  }

  // Marks these products, by name, on the map and in the list.
  mark(names) {
    for (const feature of this.source.getFeatures()) {
      feature.setStyle(names.includes(feature.getId()) ? ACTIVE : null)
    }
    for (const [name, entry] of this.entries) entry.classList.toggle('eo-marked', names.includes(name))
  }

  // The products under a pixel, uppermost first: {name, title, url}.
  at(map, pixel) {
    const found = new Map()
    map.forEachFeatureAtPixel(
      pixel,
      (feature) => void found.set(feature.getId(), { name: feature.getId(), ...feature.getProperties() }),
      { layerFilter: (layer) => layer === this.layer, hitTolerance: 3 },
    )
    return [...found.values()]
  }
}
