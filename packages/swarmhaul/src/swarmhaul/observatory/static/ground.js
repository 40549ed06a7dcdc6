// Draws jobs on the market's map. What it shows stands beside it as a list, for those who read it.
import { GroundMap, HIGH, WIDE, make } from "/static/js/map.js";

const root = document.getElementById("ground");
const drawn = () => JSON.parse(document.getElementById("ground-drawn").textContent);
const DONE = "settled";
const ROUND = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45];
const METRES = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000];
const LINES_MAX = 14;

const lineOf = (map, points) => `M${points.map((one) => map.place(one).join(" ")).join(" L")}`;

function spot(map, place, name, r) {
  const [cx, cy] = map.place(place);
  return make("circle", { cx, cy, r, class: name });
}

// Where somebody put it down last: at the end of the last leg that arrived, else at the origin.
function loadOf(job) {
  const arrived = job.legs.filter((leg) => ["arrived", "disputed", DONE].includes(leg.status));
  return arrived.length ? arrived.at(-1).to : job.from;
}

// Lines of round degrees and a bar of round metres: a ground without tiles says how far things are.
function paper(map) {
  const [[left, top], [right, bottom]] = [[0, 0], [WIDE, HIGH]].map((corner) => map.degrees(corner));
  const step = ROUND.find((one) => (right - left) / one < LINES_MAX) ?? ROUND.at(-1);
  const from = (edge) => Math.ceil(edge / step) * step;
  const lines = [];
  for (let lng = from(left); lng < right; lng += step) {
    const [x] = map.place([lng, top]);
    lines.push(make("path", { class: "grid-line", d: `M${x} 0 V${HIGH}` }));
  }
  for (let lat = from(bottom); lat < top; lat += step) {
    const [, y] = map.place([left, lat]);
    lines.push(make("path", { class: "grid-line", d: `M0 ${y} H${WIDE}` }));
  }
  const metres = ((right - left) * 111_320 * Math.cos((((top + bottom) / 2) * Math.PI) / 180)) / WIDE;
  const far = METRES.find((one) => one / metres > 60) ?? METRES.at(-1);
  const words = far >= 1_000 ? `${far / 1_000} km` : `${far} m`;
  return [...lines, make("path", { class: "scale", d: `M16 ${HIGH - 22} v6 h${far / metres} v-6` }), make("text", { class: "scale-words", x: 22, y: HIGH - 22 }, words)];
}

function draw(map) {
  return [...paper(map), ...jobsOn(map)];
}

// Names stand beside their dots where there is room: no two on each other, none across the edge. What
// finds none is still in the link, and in the list.
const isSmall = matchMedia("(max-width: 46rem)");
function namesOn(map, jobs) {
  const size = isSmall.matches ? 19 : 12;
  const taken = [];
  return jobs.map((job) => {
    const words = job.description.length > 28 ? `${job.description.slice(0, 27)}…` : job.description;
    const wide = words.length * size * 0.66;
    for (const place of [job.from, job.to]) {
      const [x, y] = map.place(place);
      for (const [left, base] of [[x + 14, y + 4], [x - 14 - wide, y + 4], [x - wide / 2, y - 16], [x - wide / 2, y + 14 + size]]) {
        const box = [left - 2, base - size, left + wide + 2, base + 4];
        const isFree = box[0] > 0 && box[1] > 0 && box[2] < WIDE && box[3] < HIGH;
        if (!isFree || taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3])) continue;
        taken.push(box);
        return make("text", { x: left, y: base, "aria-hidden": "true" }, words);
      }
    }
    return null;
  });
}

function jobsOn(map) {
  const jobs = drawn();
  const names = namesOn(map, jobs);
  return jobs.flatMap((job, number) => {
    const link = make("a", { href: `/jobs/${job.id}`, "aria-label": `${job.description}: ${job.status}, ${job.legs.length} legs` });
    const [x, y] = map.place(job.from);
    link.append(
      make("path", { class: "way", d: lineOf(map, [job.from, job.to]) }),
      ...job.legs.map((leg) => make("path", { class: `leg ${leg.status}`, d: lineOf(map, [leg.from, leg.to]) })),
      ...job.legs.slice(1).map((leg) => spot(map, leg.from, "over", 6)),
      spot(map, job.from, "from", 7),
      spot(map, job.to, "to", 7),
      ...(job.legs.length ? [spot(map, loadOf(job), "load", 9)] : []),
      make("circle", { class: "hit", cx: x, cy: y, r: 16 }),
      ...[names[number]].filter(Boolean),
    );
    return [link];
  });
}

const map = new GroundMap(root, { tap: () => {}, draw: () => draw(map) });
const places = () => drawn().flatMap((job) => [job.from, job.to, ...job.legs.flatMap((leg) => [leg.from, leg.to])]);

function fitAll() {
  map.zoom = 15;
  map.fit(places());
  map.draw();
}

function show() {
  const isEmpty = !drawn().length;
  if (root.hidden && !isEmpty) fitAll();
  root.hidden = isEmpty;
  if (!isEmpty) map.draw();
}

show();
document.addEventListener("market:shown", show);
root.querySelector('[data-act="all"]').addEventListener("click", fitAll);
