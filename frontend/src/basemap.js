// Land and borders of Natural Earth (public domain), from a TopoJSON file of our own site.
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import Feature from 'ol/Feature.js'
import Graticule from 'ol/layer/Graticule.js'
import { Fill, Stroke, Style } from 'ol/style.js'
import { feature, mesh } from 'topojson-client'
import { readFeatures } from './shapes.js'

const LAND = new Style({ fill: new Fill({ color: '#eef0e6' }), stroke: new Stroke({ color: '#9aa894', width: 0.7 }) })
const BORDERS = new Style({ stroke: new Stroke({ color: '#b9c0b0', width: 0.7 }) })
let loaded

export function loadWorld(address) {
  loaded ??= fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
    return answer.json()
  })
  return loaded
}

export function basemapLayer(world, projection) {
  const source = new VectorSource({ wrapX: !projection.pole, attributions: 'Natural Earth' })
  source.addFeatures(styled(parts(feature(world, world.objects.land), projection), LAND))
  const borders = mesh(world, world.objects.countries, (one, other) => one !== other)
  source.addFeatures(styled(readFeatures({ type: 'Feature', geometry: borders }, projection), BORDERS))
  return new VectorLayer({ source })
}

export function graticuleLayer(projection) {
  return new Graticule({
    strokeStyle: new Stroke({ color: 'rgba(60, 90, 120, 0.18)', width: 1 }),
    wrapX: !projection.pole,
    targetSize: 120,
  })
}

function parts(land, projection) {
  const polygons = land.features.flatMap(({ geometry }) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  )
  const near = polygons.filter(([ring]) => !projection.pole || ring.some(([, y]) => y * projection.pole > 0))
  return near.flatMap(wholePolygons).flatMap((coordinates) =>
    readFeatures({ type: 'Feature', geometry: { type: 'Polygon', coordinates } }, projection),
  )
}

// Land across 180 degrees is drawn whole on both sides of the world; else it would be a band around it.
function wholePolygons([ring, ...holes]) {
  const whole = unwrapped(ring)
  const span = whole.at(-1)[0] - whole[0][0]
  const crosses = whole.some(([x]) => Math.abs(x) > 180)
  // a ring around a pole does not close: it is right as it is
  if (!crosses || Math.abs(span) > 180) return [[ring, ...holes]]
  const side = Math.max(...whole.map(([x]) => x)) > 180 ? -360 : 360
  const shifted = (by) => [whole, ...holes].map((part) => part.map(([x, y]) => [x + by, y]))
  return [shifted(0), shifted(side)]
}

function unwrapped(ring) {
  let last = ring[0][0]
  return ring.map(([x, y]) => {
    last = x + 360 * Math.round((last - x) / 360)
    return [last, y]
  })
}

function styled(features, style) {
  return features.map((each) => {
    const copy = new Feature(each.getGeometry())
    copy.setStyle(style)
    return copy
  })
}
