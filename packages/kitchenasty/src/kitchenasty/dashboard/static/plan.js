// Tables moved about on the plan of their room, by pointer or arrow keys. What counts are the number
// fields below the drawing; here they are only filled in.
const SHAPES = { round: (width) => width / 2, square: () => 10 };
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const WIDTH = 24;
const HEIGHT = 96;
const SIZE_MAX = 12;
const form = document.querySelector("[data-plan]");
const field = (table, name) => form.elements[`${name}-${table}`];
const number = (table, name) => Number(field(table, name).value);
let held = null;

function draw(standing) {
  const table = standing.dataset.table;
  const step = Number(standing.ownerSVGElement.dataset.step);
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => number(table, name) * step);
  const rect = standing.querySelector("rect");
  for (const [name, value] of Object.entries({ x, y, width, height, rx: SHAPES[field(table, "shape").value](width) })) rect.setAttribute(name, value);
  const text = standing.querySelector("text");
  text.setAttribute("x", x + width / 2);
  text.setAttribute("y", y + height / 2 + 6);
  grow(standing.ownerSVGElement, y + height + step);
}

/** The drawing is as deep as its lowest table. */
function grow(drawing, bottom) {
  const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
  if (bottom <= height) return;
  drawing.setAttribute("viewBox", `0 0 ${width} ${bottom}`);
  drawing.setAttribute("height", bottom);
}

function put(standing, name, value, most) {
  const least = name === "x" || name === "y" ? 0 : 1;
  field(standing.dataset.table, name).value = Math.min(Math.max(value, least), most);
  draw(standing);
}

function place(standing, x, y) {
  const table = standing.dataset.table;
  put(standing, "x", x, WIDTH - number(table, "width"));
  put(standing, "y", y, HEIGHT - number(table, "height"));
}

form.addEventListener("keydown", (event) => {
  const standing = event.target.closest("[data-table]");
  const move = MOVES[event.key];
  if (!standing || !move) return;
  event.preventDefault();
  const table = standing.dataset.table;
  if (event.shiftKey) {
    put(standing, "width", number(table, "width") + move[0], Math.min(SIZE_MAX, WIDTH - number(table, "x")));
    put(standing, "height", number(table, "height") + move[1], Math.min(SIZE_MAX, HEIGHT - number(table, "y")));
  } else place(standing, number(table, "x") + move[0], number(table, "y") + move[1]);
});

form.addEventListener("pointerdown", (event) => {
  const standing = event.target.closest("[data-table]");
  if (!standing || event.button !== 0) return;
  const table = standing.dataset.table;
  held = { standing, pointer: event.pointerId, at: [event.clientX, event.clientY], from: [number(table, "x"), number(table, "y")] };
  standing.setPointerCapture(event.pointerId);
});
form.addEventListener("pointermove", (event) => {
  if (held?.pointer !== event.pointerId) return;
  const drawing = held.standing.ownerSVGElement;
  const scale = drawing.getScreenCTM().a * Number(drawing.dataset.step);
  const [right, down] = [event.clientX - held.at[0], event.clientY - held.at[1]].map((pixels) => Math.round(pixels / scale));
  place(held.standing, held.from[0] + right, held.from[1] + down);
});
for (const name of ["pointerup", "pointercancel"]) form.addEventListener(name, () => (held = null));

form.addEventListener("input", (event) => {
  const [, table] = event.target.name.match(/^(?:x|y|width|height|shape)-(.+)$/) ?? [];
  const standing = table && form.querySelector(`[data-table="${CSS.escape(table)}"]`);
  if (standing) draw(standing);
});
