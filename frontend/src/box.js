// The searched area: a text "west,south,east,north" in a form field, or a number in each of four, and what is drawn on the map.
import { toDegrees } from './projections.js'

// The box of a text; null when it is none.
export function parseBox(text) {
  const parts = text.split(',').map((part) => (part.trim() ? Number(part) : NaN))
  const [west, south, east, north] = parts
  const good = parts.length === 4 && parts.every(Number.isFinite) && south <= north
  return good && Math.abs(south) <= 90 && Math.abs(north) <= 90 ? [west, south, east, north] : null
}

export function formatBox(box) {
  return box.map((number) => String(Math.round(number * 1000) / 1000)).join(',')
}

// The box of degrees around a rectangle (minx, miny, maxx, maxy) of the view.
export function boxOfExtent(extent, projection) {
  return projection.pole ? polarBox(extent, projection) : worldBox(extent)
}

function worldBox([minX, minY, maxX, maxY]) {
  const south = Math.max(-90, minY)
  const north = Math.min(90, maxY)
  if (maxX - minX >= 360) return [-180, south, 180, north]
  return [wrap(minX), south, wrap(maxX) || 180, north]
}

function polarBox(extent, projection) {
  const ring = border(extent).map((point) => toDegrees(point, projection))
  const latitudes = ring.map(([, latitude]) => latitude)
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)]
  const [minX, minY, maxX, maxY] = extent
  if (minX <= 0 && maxX >= 0 && minY <= 0 && maxY >= 0) {
    return projection.pole > 0 ? [-180, south, 180, 90] : [-180, -90, 180, north]
  }
  const longitudes = unwrapped(ring.map(([longitude]) => longitude))
  return [wrap(Math.min(...longitudes)), south, wrap(Math.max(...longitudes)), north]
}

function border([minX, minY, maxX, maxY], steps = 32) {
  const corners = [[minX, minY], [maxX, minY], [maxX, maxY], [minX, maxY], [minX, minY]]
  return corners.slice(1).flatMap(([x1, y1], i) => {
    const [x0, y0] = corners[i]
    return Array.from({ length: steps }, (_, k) => [x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps])
  })
}

function unwrapped(longitudes) {
  let last = longitudes[0]
  return longitudes.map((longitude) => {
    last = longitude + 360 * Math.round((last - longitude) / 360)
    return last
  })
}

export function wrap(longitude) {
  return longitude >= -180 && longitude <= 180 ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180
}
