// The searched area can be changed by its corners: each is dragged while the one opposite stays where it is.
import Feature from 'ol/Feature.js'
import Point from 'ol/geom/Point.js'
import PointerInteraction from 'ol/interaction/Pointer.js'
import { Circle, Fill, Stroke, Style } from 'ol/style.js'
import { boxOfExtent, wrap } from './box.js'
import { fromDegrees, toDegrees } from './projections.js'
import { boxPolygons } from './shapes.js'

const REACH = 14 // pixels around a corner
const HANDLE = new Style({
  image: new Circle({ radius: 5, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: '#7a1fa2', width: 2 }) }),
})

// The corners of a box as points of the map.
export function handles(box, projection) {
  return corners(box).map(({ corner }) => {
    const feature = new Feature(new Point(fromDegrees(corner, projection)))
    feature.setStyle(HANDLE)
    return feature
  })
}

export class Corners extends PointerInteraction {
  // `box` and `projection` tell what is there now, `moved` is told each new box
  constructor({ box, projection, moved }) {
    super()
    Object.assign(this, { box, projection, moved, held: null })
  }

  handleDownEvent(event) {
    this.held = this.near(event)
    return Boolean(this.held)
  }

  handleDragEvent(event) {
    const point = toDegrees(event.coordinate, this.projection())
    this.moved(this.projection().pole ? capBox(this.held, point) : worldBox(this.held, point, this.projection()))
  }

  handleUpEvent() {
    this.held = null
    return false
  }

  handleMoveEvent(event) {
    event.map.getViewport().style.cursor = this.near(event) ? 'move' : ''
  }

  near({ map, pixel }) {
    const box = this.box()
    return box && corners(box).find(({ corner }) => {
      const [x, y] = map.getPixelFromCoordinate(fromDegrees(corner, this.projection())) ?? []
      return Math.hypot(x - pixel[0], y - pixel[1]) <= REACH
    })
  }
}

function corners(box) {
  return boxPolygons(box).flatMap(([ring]) => {
    const places = ring.slice(0, 4)
    return places.map((corner, at) => ({ corner, opposite: places[(at + 2) % 4], west: at === 0 || at === 3 }))
  })
}

function worldBox({ opposite: [x, y] }, [px, py], projection) {
  return boxOfExtent([Math.min(x, px), Math.min(y, py), Math.max(x, px), Math.max(y, py)], projection)
}

// around a pole longitudes have no left and right: a western side stays one
function capBox({ opposite: [x, y], west }, [px, py]) {
  const [south, north] = [Math.min(y, py), Math.max(y, py)]
  return west ? [wrap(px), south, wrap(x), north] : [wrap(x), south, wrap(px), north]
}
