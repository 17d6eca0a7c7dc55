// The three views of the globe: the whole world, and the two caps where a world map is of no use.
import { get, transform } from 'ol/proj.js'
import { register } from 'ol/proj/proj4.js'
import proj4 from 'proj4'

proj4.defs('EPSG:3413', '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84 +units=m +no_defs')
proj4.defs('EPSG:3031', '+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +datum=WGS84 +units=m +no_defs')
register(proj4)

const LONGITUDE_LATITUDE = 'EPSG:4326'
const CAP = 6.5e6 // metres from the pole that are shown, to about 35 degrees of latitude
for (const [code, south, north] of [['EPSG:3413', 35, 90], ['EPSG:3031', -90, -35]]) {
  get(code).setExtent([-CAP, -CAP, CAP, CAP])
  get(code).setWorldExtent([-180, south, 180, north])
}

export const PROJECTIONS = {
  world: { code: LONGITUDE_LATITUDE, extent: [-180, -90, 180, 90], pole: 0 },
  arctic: { code: 'EPSG:3413', extent: [-CAP, -CAP, CAP, CAP], pole: 90 },
  antarctic: { code: 'EPSG:3031', extent: [-CAP, -CAP, CAP, CAP], pole: -90 },
}

// The view in which an area (west, south, east, north in degrees) is seen best.
export function bestProjection(box) {
  if (box && box[1] >= 60) return 'arctic'
  if (box && box[3] <= -60) return 'antarctic'
  return 'world'
}

export function fromDegrees(point, projection) {
  return projection.pole ? transform(point, LONGITUDE_LATITUDE, projection.code) : point
}

export function toDegrees(point, projection) {
  return projection.pole ? transform(point, projection.code, LONGITUDE_LATITUDE) : point
}
