// A map without a library: laid out as all tile services do it (Web Mercator), so that tiles lie
// under it where the owner named a service, and an empty ground where not. It is moved with a
// pointer, with two fingers, and with the keyboard.
export const WIDE = 640;
export const HIGH = 420;
const TILE = 256;
const ZOOM_MIN = 2;
const ZOOM_MAX = 20;
const TILE_ZOOM_MAX = 19;
const EARTH_METRES = 40_075_016.686;
const METRES = { km: 1_000, mi: 1_609.344 };
const RINGS = [0.5, 1, 2, 3, 5, 10, 20];
const STEP = 60;
const STILL = 5;

export const make = (name, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

export const polygonsOf = (shape) =>
  shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];

const worldOf = ([lng, lat], size) => {
  const sine = Math.sin((lat * Math.PI) / 180);
  const north = Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [((lng + 180) / 360) * size, (0.5 - north) * size];
};

const earthOf = ([x, y], size) => {
  const lat = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size)));
  return [(x / size) * 360 - 180, (lat * 180) / Math.PI];
};

// Between the outermost, not the mean: a crowd in one corner draws nothing off the edge.
const middleOf = (points) =>
  [0, 1].map((axis) => {
    const all = points.map((one) => one[axis]);
    return (Math.min(...all) + Math.max(...all)) / 2;
  });

export class GroundMap {
  constructor(root, { tap, draw }) {
    this.root = root;
    this.svg = root.querySelector(":scope > svg");
    // A map of one place has its rings; others show what lies anywhere.
    this.house = JSON.parse(root.dataset.place ?? "null");
    this.shapes = JSON.parse(root.dataset.others ?? "[]");
    this.middle = this.house ?? [0, 0];
    this.zoom = 14;
    this.tap = tap;
    this.drawOver = draw;
    this.fingers = new Map();
    this.tiles = new Map();
    this.layers = ["ground", "under", "over"].map((name) => make("g", { class: `layer-${name}` }));
    const cross = make("path", { class: "cross", d: `M${WIDE / 2 - 9} ${HIGH / 2} h18 M${WIDE / 2} ${HIGH / 2 - 9} v18` });
    this.svg.replaceChildren(...this.layers, cross);
    this.listen();
  }

  get size() {
    return TILE * 2 ** this.zoom;
  }

  place(point) {
    const [x, y] = worldOf(point, this.size);
    const [left, top] = worldOf(this.middle, this.size);
    return [WIDE / 2 + x - left, HIGH / 2 + y - top];
  }

  degrees([x, y]) {
    const [left, top] = worldOf(this.middle, this.size);
    return earthOf([left + x - WIDE / 2, top + y - HIGH / 2], this.size).map((one) => Number(one.toFixed(6)));
  }

  pathOf(rings) {
    return rings.map((ring) => `M${ring.map((one) => this.place(one).join(" ")).join(" L")} Z`).join(" ");
  }

  pointOf(event) {
    const box = this.svg.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDE, ((event.clientY - box.top) / box.height) * HIGH];
  }

  fit(corners) {
    const all = [...corners, ...this.shapes.flatMap(polygonsOf).flat(2)];
    if (!this.house && all.length) this.middle = middleOf(all);
    const isInside = ([x, y]) => x > 12 && x < WIDE - 12 && y > 12 && y < HIGH - 12;
    while (this.zoom > ZOOM_MIN && !all.map((one) => this.place(one)).every(isInside)) this.zoom -= 0.5;
  }

  // What lies under `at` stays there.
  zoomBy(steps, at = [WIDE / 2, HIGH / 2]) {
    const kept = this.degrees(at);
    this.zoom = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, this.zoom + steps));
    const [x, y] = this.place(kept);
    this.moveBy(at[0] - x, at[1] - y);
  }

  moveBy(right, down) {
    const [lng, lat] = this.degrees([WIDE / 2 - right, HIGH / 2 - down]);
    this.middle = [Math.min(180, Math.max(-180, lng)), Math.min(85, Math.max(-85, lat))];
    this.draw();
  }

  draw() {
    const [, under, over] = this.layers;
    this.drawGround();
    const paths = this.shapes.flatMap(polygonsOf).map((rings) => make("path", { d: this.pathOf(rings), "fill-rule": "evenodd" }));
    under.replaceChildren(...this.rings(), ...paths, ...this.houses());
    over.replaceChildren(...this.drawOver());
  }

  houses() {
    if (!this.house) return [];
    const [cx, cy] = this.place(this.house);
    return [make("circle", { cx, cy, r: 4, class: "house" })];
  }

  rings() {
    if (!this.house) return [];
    const [cx, cy] = this.place(this.house);
    const unit = this.root.dataset.unit;
    const pixels = (METRES[unit] * this.size) / (EARTH_METRES * Math.cos((this.house[1] * Math.PI) / 180));
    return RINGS.filter((far) => far * pixels > 30 && far * pixels < WIDE).flatMap((far) => [
      make("circle", { cx, cy, r: far * pixels, class: "ring" }),
      make("text", { x: cx, y: cy - far * pixels - 4 }, `${far} ${unit}`),
    ]);
  }

  drawGround() {
    if (!this.root.dataset.tiles) return;
    const zoom = Math.max(0, Math.min(TILE_ZOOM_MAX, Math.round(this.zoom)));
    const across = TILE * 2 ** (this.zoom - zoom);
    const [left, top] = worldOf(this.middle, this.size).map((one, axis) => one - [WIDE, HIGH][axis] / 2);
    const shown = new Set();
    for (let x = Math.floor(left / across); x * across < left + WIDE; x += 1) {
      for (let y = Math.max(0, Math.floor(top / across)); y * across < top + HIGH && y < 2 ** zoom; y += 1) {
        const key = `${zoom}/${x}/${y}`;
        shown.add(key);
        const tile = this.tiles.get(key) ?? this.fetch(key, zoom, x, y);
        // A little larger than they are: between two of them no line of ground is seen.
        const at = { x: x * across - left, y: y * across - top, width: across + 0.6, height: across + 0.6 };
        for (const [name, value] of Object.entries(at)) tile.setAttribute(name, value);
      }
    }
    for (const [key, tile] of this.tiles) {
      if (shown.has(key)) continue;
      tile.remove();
      this.tiles.delete(key);
    }
  }

  fetch(key, zoom, x, y) {
    const around = ((x % 2 ** zoom) + 2 ** zoom) % 2 ** zoom;
    const numbers = { "{z}": zoom, "{x}": around, "{y}": y };
    const href = this.root.dataset.tiles.replace(/\{[xyz]\}/g, (name) => numbers[name]);
    const tile = make("image", { href, preserveAspectRatio: "none", "aria-hidden": "true" });
    tile.addEventListener("error", () => {
      tile.remove();
      this.root.querySelector("[data-groundless]").hidden = false;
    });
    this.tiles.set(key, tile);
    this.layers[0].append(tile);
    return tile;
  }

  listen() {
    this.svg.addEventListener("pointerdown", (event) => this.touch(event));
    this.svg.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.svg.addEventListener(name, (event) => this.fingers.delete(event.pointerId));
    }
    this.svg.addEventListener("click", (event) => {
      if (!this.hasMoved) this.tap(this.degrees(this.pointOf(event)));
    });
    this.svg.addEventListener("keydown", (event) => this.press(event));
    this.svg.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    for (const [act, steps] of [["nearer", 0.5], ["farther", -0.5]]) {
      this.root.querySelector(`[data-act="${act}"]`).addEventListener("click", () => this.zoomBy(steps));
    }
  }

  touch(event) {
    if (!this.fingers.size) this.hasMoved = false;
    this.fingers.set(event.pointerId, this.pointOf(event));
  }

  // One finger moves the map, two pull it nearer; a finger that trembles does neither.
  drag(event) {
    const from = this.fingers.get(event.pointerId);
    if (!from) return;
    const to = this.pointOf(event);
    if (!this.hasMoved && Math.hypot(to[0] - from[0], to[1] - from[1]) < STILL) return;
    if (!this.hasMoved) this.svg.setPointerCapture(event.pointerId);
    this.hasMoved = true;
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, to);
    if (!other) {
      this.moveBy(to[0] - from[0], to[1] - from[1]);
      return;
    }
    const far = (one) => Math.max(1, Math.hypot(one[0] - other[0], one[1] - other[1]));
    this.zoomBy(Math.log2(far(to) / far(from)), [(to[0] + other[0]) / 2, (to[1] + other[1]) / 2]);
  }

  press(event) {
    if (event.target !== this.svg) return;
    const acts = {
      ArrowLeft: () => this.moveBy(STEP, 0),
      ArrowRight: () => this.moveBy(-STEP, 0),
      ArrowUp: () => this.moveBy(0, STEP),
      ArrowDown: () => this.moveBy(0, -STEP),
      "+": () => this.zoomBy(0.5),
      "=": () => this.zoomBy(0.5),
      "-": () => this.zoomBy(-0.5),
      Enter: () => this.tap(this.middle),
    };
    if (!acts[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  // A wheel alone scrolls the page, as everywhere; with Ctrl, or two fingers on a pad, it zooms.
  turn(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoomBy(-event.deltaY / 200, this.pointOf(event));
  }
}
