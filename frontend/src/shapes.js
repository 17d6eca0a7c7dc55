// Geometries in degrees made ready to be drawn: edges cut so that they bend in polar views.
import GeoJSON from 'ol/format/GeoJSON.js'
import MultiPolygon from 'ol/geom/MultiPolygon.js'
import { fromDegrees } from './projections.js'

const MAX_EDGE = 2 // degrees
const reader = new GeoJSON()

// The polygons of a box (west, south, east, north). One that crosses 180 degrees (west greater than east) is drawn
// whole on both sides of the world, so that no line runs through it.
export function boxPolygons([west, south, east, north]) {
  const spans = west > east ? [[west, east + 360], [west - 360, east]] : [[west, east]]
  return spans.map(([w, e]) => [[[w, south], [e, south], [e, north], [w, north], [w, south]]])
}

export function boxGeometry(box, projection) {
  return drawn(new MultiPolygon(boxPolygons(box)), projection)
}

export function readFeatures(collection, projection) {
  const features = reader.readFeatures(collection)
  for (const feature of features) feature.setGeometry(drawn(feature.getGeometry(), projection))
  return features
}

function drawn(geometry, projection) {
  if (!projection.pole || !geometry) return geometry
  const copy = geometry.clone()
  copy.setCoordinates(convert(copy.getCoordinates(), projection))
  return copy
}

function convert(coordinates, projection) {
  if (typeof coordinates[0] === 'number') return visible(coordinates, projection)
  if (typeof coordinates[0]?.[0] === 'number') return line(coordinates, projection)
  return coordinates.map((part) => convert(part, projection))
}

function line(points, projection) {
  const cut = points.flatMap((point, i) => (i ? edge(points[i - 1], point) : [point]))
  return cut.map((point) => visible(point, projection))
}

// The other hemisphere lies infinitely far out in a polar view: what is there is drawn well outside of the map.
function visible([x, y], projection) {
  const limited = projection.pole > 0 ? Math.max(y, -60) : Math.min(y, 60)
  return fromDegrees([x, limited], projection)
}

function edge([x0, y0], [x1, y1]) {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / MAX_EDGE))
  return Array.from({ length: steps }, (_, i) => {
    const share = (i + 1) / steps
    return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]
  })
}
