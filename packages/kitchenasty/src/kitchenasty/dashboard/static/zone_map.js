// Draws the boundary of a zone without any map service: the house in the middle, rings of distance
// around it, the other zones beneath. What is drawn is written into the field of the form as GeoJSON,
// and the server has the last word on it.
const WIDE = 640;
const HIGH = 420;
const METRES_A_DEGREE = 111_195;
const RINGS_METRES = [500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000];
const ZOOM = 1.4;
const STEP = 4;
const HISTORY_MAX = 100;

const map = document.getElementById("zone-map");
const field = document.getElementById("field-boundary");
const words = map.dataset;
const [houseLng, houseLat] = JSON.parse(map.dataset.place);
const squeeze = Math.cos((houseLat * Math.PI) / 180);
const history = [];
let corners = [];
let pixelsAMetre = 0.08;

const place = ([lng, lat]) => [
  WIDE / 2 + (lng - houseLng) * squeeze * METRES_A_DEGREE * pixelsAMetre,
  HIGH / 2 - (lat - houseLat) * METRES_A_DEGREE * pixelsAMetre,
];
const degrees = ([x, y]) => [
  Number((houseLng + (x - WIDE / 2) / pixelsAMetre / METRES_A_DEGREE / squeeze).toFixed(6)),
  Number((houseLat - (y - HIGH / 2) / pixelsAMetre / METRES_A_DEGREE).toFixed(6)),
];

const make = (name, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

const pathOf = (rings) =>
  rings.map((ring) => `M${ring.map((one) => place(one).join(" ")).join(" L")} Z`).join(" ");

const polygonsOf = (shape) =>
  shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];

// One ring without holes is drawn here; whatever is more is changed as text.
const readField = () => {
  if (!field.value.trim()) return [];
  try {
    const { type, coordinates } = JSON.parse(field.value);
    if (type !== "Polygon" || coordinates.length !== 1) return null;
    return coordinates[0].slice(0, -1).map(([lng, lat]) => [lng, lat]);
  } catch {
    return null;
  }
};

const crosses = (a, b, c, d) => {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
};

const crossesItself = () => {
  const edges = corners.map((one, at) => [one, corners[(at + 1) % corners.length]]);
  return edges.some((one, at) => edges.slice(at + 1).some((two) => crosses(...one, ...two)));
};

const tell = () => {
  const said = corners.length < 3 ? words.few : crossesItself() ? words.crosses : words.fine;
  map.querySelector("[data-told]").textContent = said.replace("%n", corners.length);
};

const write = () => {
  const ring = corners.length >= 3 ? [[...corners, corners[0]]] : null;
  field.value = ring ? JSON.stringify({ type: "Polygon", coordinates: ring }) : "";
  document.getElementById("field-axis").value = "";
  tell();
};

const change = (next) => {
  history.push(corners);
  if (history.length > HISTORY_MAX) history.shift();
  corners = next;
  write();
  draw();
};

const moved = (at, to) => corners.map((one, index) => (index === at ? to : one));
const without = (at) => corners.filter((_, index) => index !== at);

// A new corner goes where it makes the outline longer by the least.
const withCorner = (point) => {
  const far = (one, two) => Math.hypot(...place(one).map((value, axis) => value - place(two)[axis]));
  let best = [Infinity, corners.length];
  corners.forEach((one, at) => {
    const next = corners[(at + 1) % corners.length];
    const longer = far(one, point) + far(point, next) - far(one, next);
    if (longer < best[0]) best = [longer, at + 1];
  });
  return corners.toSpliced(best[1], 0, point);
};

const svg = map.querySelector(":scope > svg");
const pointOf = (event) => {
  const box = svg.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * WIDE;
  return [x, ((event.clientY - box.top) / box.height) * HIGH];
};

const onKey = (event, at) => {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  if (!way && !["Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  const by = event.shiftKey ? STEP * 5 : STEP;
  const [x, y] = place(corners[at]);
  change(way ? moved(at, degrees([x + way[0] * by, y + way[1] * by])) : without(at));
  svg.querySelectorAll("[data-corner]")[Math.min(at, corners.length - 1)]?.focus();
};

const drag = (event, at) => {
  event.preventDefault();
  const before = corners;
  const follow = (next) => {
    corners = moved(at, degrees(pointOf(next)));
    svg.querySelector(".is-marked").setAttribute("d", pathOf([corners]));
    const [cx, cy] = place(corners[at]);
    for (const [key, value] of [["cx", cx], ["cy", cy]]) event.target.setAttribute(key, value);
  };
  const drop = () => {
    svg.removeEventListener("pointermove", follow);
    const after = corners;
    corners = before;
    if (after !== before) change(after);
  };
  svg.addEventListener("pointermove", follow);
  window.addEventListener("pointerup", drop, { once: true });
};

const cornerOf = (one, at) => {
  const [cx, cy] = place(one);
  const label = words.corner.replace("%n", at + 1).replace("%at", `${one[1]}, ${one[0]}`);
  const handle = make("circle", { cx, cy, r: 9, tabindex: 0, role: "button", "aria-label": label, "data-corner": at });
  handle.addEventListener("pointerdown", (event) => drag(event, at));
  handle.addEventListener("click", (event) => event.stopPropagation());
  handle.addEventListener("keydown", (event) => onKey(event, at));
  return handle;
};

const draw = () => {
  const middle = { cx: WIDE / 2, cy: HIGH / 2 };
  const rings = RINGS_METRES.filter((metres) => metres * pixelsAMetre > 30 && metres * pixelsAMetre < WIDE);
  svg.replaceChildren(
    ...rings.flatMap((metres) => [
      make("circle", { ...middle, r: metres * pixelsAMetre, class: "ring" }),
      make("text", { x: WIDE / 2, y: HIGH / 2 - metres * pixelsAMetre - 4 }, `${metres / 1_000} km`),
    ]),
    ...JSON.parse(map.dataset.others).flatMap(polygonsOf).map((rings) => make("path", { d: pathOf(rings), "fill-rule": "evenodd" })),
    make("path", { d: corners.length ? pathOf([corners]) : "", class: "is-marked" }),
    make("circle", { ...middle, r: 4, class: "house" }),
    ...corners.map(cornerOf),
  );
};

const fit = () => {
  const all = [...corners, ...JSON.parse(map.dataset.others).flatMap(polygonsOf).flat(2)];
  while (pixelsAMetre > 0.002) {
    const isInside = all.map(place).every(([x, y]) => x > 12 && x < WIDE - 12 && y > 12 && y < HIGH - 12);
    if (isInside) return;
    pixelsAMetre /= ZOOM;
  }
};

const acts = {
  undo: () => {
    if (!history.length) return;
    corners = history.pop();
    write();
    draw();
  },
  add: () => {
    const reach = 60 * (1 + (corners.length % 4) / 4);
    const turn = corners.length * 1.6;
    change(withCorner(degrees([WIDE / 2 + reach * Math.sin(turn), HIGH / 2 - reach * Math.cos(turn)])));
    svg.querySelector("[data-corner]:last-of-type")?.focus();
  },
  clear: () => change([]),
  nearer: () => { pixelsAMetre *= ZOOM; draw(); },
  farther: () => { pixelsAMetre /= ZOOM; draw(); },
};

const begin = () => {
  const read = readField();
  map.hidden = read === null;
  if (read === null) return;
  corners = read;
  fit();
  tell();
  draw();
};

svg.addEventListener("click", (event) => change(withCorner(degrees(pointOf(event)))));
for (const button of map.querySelectorAll("button[data-act]")) {
  button.addEventListener("click", acts[button.dataset.act]);
}
field.addEventListener("change", begin);
begin();
