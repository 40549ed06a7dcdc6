// Draws the boundary of a zone on the map, or takes its corners as numbers. What is drawn is written
// into the field of the form as GeoJSON, and the server has the last word on it.
import { GroundMap, HIGH, WIDE, make } from "/static/js/map.js";

const STEP = 4;
const HISTORY_MAX = 100;

const root = document.getElementById("zone-map");
const field = document.getElementById("field-boundary");
const numbers = document.getElementById("zone-numbers");
const words = root.dataset;
const history = [];
let corners = [];

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
  root.querySelector("[data-told]").textContent = said.replace("%n", corners.length);
};

const write = () => {
  const ring = corners.length >= 3 ? [[...corners, corners[0]]] : null;
  field.value = ring ? JSON.stringify({ type: "Polygon", coordinates: ring }) : "";
  document.getElementById("field-axis").value = "";
  tell();
};

const renew = () => {
  write();
  map.draw();
  listNumbers();
};

const change = (next) => {
  history.push(corners);
  if (history.length > HISTORY_MAX) history.shift();
  corners = next;
  renew();
};

const moved = (at, to) => corners.map((one, index) => (index === at ? to : one));
const without = (at) => corners.filter((_, index) => index !== at);

// A new corner goes where it makes the outline longer by the least.
const withCorner = (point) => {
  const far = (one, two) => Math.hypot(...map.place(one).map((value, axis) => value - map.place(two)[axis]));
  let best = [Infinity, corners.length];
  corners.forEach((one, at) => {
    const next = corners[(at + 1) % corners.length];
    const longer = far(one, point) + far(point, next) - far(one, next);
    if (longer < best[0]) best = [longer, at + 1];
  });
  return corners.toSpliced(best[1], 0, point);
};

const handles = () => root.querySelectorAll("[data-corner]");

const onKey = (event, at) => {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  if (!way && !["Delete", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  const by = event.shiftKey ? STEP * 5 : STEP;
  const [x, y] = map.place(corners[at]);
  change(way ? moved(at, map.degrees([x + way[0] * by, y + way[1] * by])) : without(at));
  handles()[Math.min(at, corners.length - 1)]?.focus();
};

const drag = (event, at) => {
  event.preventDefault();
  event.stopPropagation();
  const before = corners;
  const follow = (next) => {
    corners = moved(at, map.degrees(map.pointOf(next)));
    root.querySelector(".is-marked").setAttribute("d", map.pathOf([corners]));
    const [cx, cy] = map.place(corners[at]);
    for (const [key, value] of [["cx", cx], ["cy", cy]]) event.target.setAttribute(key, value);
  };
  const drop = () => {
    map.svg.removeEventListener("pointermove", follow);
    const after = corners;
    corners = before;
    if (after !== before) change(after);
  };
  map.svg.addEventListener("pointermove", follow);
  window.addEventListener("pointerup", drop, { once: true });
};

const cornerOf = (one, at) => {
  const [cx, cy] = map.place(one);
  const label = words.corner.replace("%n", at + 1).replace("%at", `${one[1]}, ${one[0]}`);
  const handle = make("circle", { cx, cy, r: 9, tabindex: 0, role: "button", "aria-label": label, "data-corner": at });
  handle.addEventListener("pointerdown", (event) => drag(event, at));
  handle.addEventListener("click", (event) => event.stopPropagation());
  handle.addEventListener("keydown", (event) => onKey(event, at));
  return handle;
};

const drawCorners = () => [
  make("path", { d: corners.length ? map.pathOf([corners]) : "", class: "is-marked" }),
  ...corners.map(cornerOf),
];

// The same corners as numbers: what is being typed in is left alone.
const numberOf = (at, axis) => {
  const input = Object.assign(document.createElement("input"), { className: "input", inputMode: "decimal", autocomplete: "off" });
  const label = document.createElement("label");
  const name = axis === 1 ? words.latitude : words.longitude;
  label.append(Object.assign(document.createElement("span"), { textContent: name.replace("%n", at + 1) }), input);
  input.dataset.at = `${at} ${axis}`;
  const take = () => {
    const typed = Number(input.value.trim().replace(",", ".") || NaN);
    const fits = Math.abs(typed) <= (axis === 1 ? 85 : 180);
    input.setAttribute("aria-invalid", String(!fits));
    if (!fits || typed === corners[at][axis]) return;
    change(moved(at, corners[at].map((value, index) => (index === axis ? typed : value))));
  };
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => {
    // Enter would send the whole form.
    if (event.key === "Enter") {
      event.preventDefault();
      take();
    }
  });
  return label;
};

const rowOf = (_, at) => {
  const row = document.createElement("li");
  const away = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: words.without.replace("%n", at + 1) });
  away.addEventListener("click", () => change(without(at)));
  row.append(numberOf(at, 1), numberOf(at, 0), away);
  return row;
};

const listNumbers = () => {
  if (numbers.children.length !== corners.length) numbers.replaceChildren(...corners.map(rowOf));
  for (const input of numbers.querySelectorAll("input")) {
    const [at, axis] = input.dataset.at.split(" ");
    if (input.value === "" || Number(input.value) !== corners[at][axis]) input.value = corners[at][axis];
    input.setAttribute("aria-invalid", "false");
  }
};

const acts = {
  undo: () => {
    if (!history.length) return;
    corners = history.pop();
    renew();
  },
  add: () => {
    const reach = 60 * (1 + (corners.length % 4) / 4);
    const turn = corners.length * 1.6;
    change(withCorner(map.degrees([WIDE / 2 + reach * Math.sin(turn), HIGH / 2 - reach * Math.cos(turn)])));
    [...handles()].at(-1)?.focus();
  },
  clear: () => change([]),
};

const map = new GroundMap(root, { tap: (point) => change(withCorner(point)), draw: drawCorners });

const begin = () => {
  const read = readField();
  for (const part of [root, numbers.closest("details")]) part.hidden = read === null;
  if (read === null) return;
  corners = read;
  map.fit(corners);
  tell();
  map.draw();
  listNumbers();
};

for (const [act, press] of Object.entries(acts)) {
  root.querySelector(`[data-act="${act}"]`).addEventListener("click", press);
}
field.addEventListener("change", begin);
begin();
