// A party lifted from its table and set down at another one, or at another time: with the mouse,
// with a finger that rests on it first, or with keys. What is sent is the form "Another table".

const STARTED_PX = 8;
const HOLD_MS = 350;
const EDGE_PX = 36;
const QUARTER_MINUTES = 15;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const hint = () => document.getElementById("moving-hint");
let held = null;
let isClickOver = false;
let whenOver = () => {};

/** Whether a party is in the air: then nothing is drawn anew. */
export const isMoving = () => held !== null;

/** `over` is called when a party was set down where it was. */
export function watchMoves(over) {
  whenOver = over;
  document.addEventListener("pointerdown", touch);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", leave);
  document.addEventListener("keydown", press);
  document.addEventListener("focusout", () => held?.isByKeys && leave());
  // Else the page is scrolled under the finger, or the link opens its own menu.
  document.addEventListener("touchmove", (event) => held?.isLifted && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => held && event.preventDefault());
  // Else the browser drags the link itself, or selects its words.
  document.addEventListener("mousedown", (event) => event.target.closest?.("a[data-move]") && event.preventDefault());
  document.addEventListener("click", swallow, true);
}

/** The button that set a party down is no tap on it. */
function swallow(event) {
  if (!isClickOver || !event.target.closest?.("a[data-move]")) return;
  isClickOver = false;
  event.preventDefault();
}

const drawingOf = (mover) => mover.closest("[data-timeline]");
const tablesOf = (mover) => [...document.querySelectorAll(drawingOf(mover) ? "rect.lane" : ".plan .standing[data-table]")];
const quarterOf = (mover) => Number(drawingOf(mover)?.dataset.quarter ?? 0);

function take(mover, more) {
  const bar = mover.querySelector("svg");
  held = { mover, bar, from: { x: Number(bar.getAttribute("x")), y: Number(bar.getAttribute("y")) }, table: null, quarters: 0, isLifted: false, ...more };
}

function touch(event) {
  isClickOver = false;
  const mover = event.target.closest?.("a[data-move]");
  if (!mover || event.button !== 0 || held) return;
  take(mover, { at: [event.clientX, event.clientY], scrolled: scrollOf(mover)?.scrollLeft ?? 0, isTouch: event.pointerType === "touch" });
  if (held.isTouch) held.timer = setTimeout(lift, HOLD_MS);
}

const scrollOf = (mover) => mover.closest(".timeline-scroll, .plan-scroll");

function lift() {
  held.isLifted = true;
  held.mover.classList.add("is-lifted");
  document.documentElement.classList.add("is-moving");
}

function drag(event) {
  if (held === null || held.isByKeys) return;
  const [right, down] = [event.clientX - held.at[0], event.clientY - held.at[1]];
  if (!held.isLifted) {
    if (Math.hypot(right, down) < STARTED_PX) return;
    // A finger that moves at once wants to scroll.
    if (held.isTouch) return leave();
    lift();
  }
  const scroll = scrollOf(held.mover);
  follow(scroll, event.clientX);
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const tables = tablesOf(held.mover);
  const way = right + scroll.scrollLeft - held.scrolled;
  aim(tables.find((one) => one !== held.mover && under.some((each) => one.contains(each))) ?? null, Math.round(way / quarterOf(held.mover)));
}

/** At its edges the drawing moves on. */
function follow(scroll, x) {
  const { left, right } = scroll.getBoundingClientRect();
  if (x > right - EDGE_PX) scroll.scrollLeft += EDGE_PX / 2;
  if (x < left + EDGE_PX) scroll.scrollLeft -= EDGE_PX / 2;
}

/** Show where it would be: in the timeline its bar stands there already. */
function aim(table, quarters) {
  const { mover, bar, from } = held;
  held.table?.classList.remove("is-target");
  table?.classList.add("is-target");
  held.table = table;
  held.quarters = table === null || !drawingOf(mover) || "keepsTime" in mover.dataset ? 0 : quarters;
  if (!drawingOf(mover)) return;
  const row = tablesOf(mover).find((one) => one.dataset.table === mover.dataset.table);
  const down = table === null ? 0 : Number(table.getAttribute("y")) - Number(row.getAttribute("y"));
  bar.setAttribute("x", from.x + held.quarters * quarterOf(mover));
  bar.setAttribute("y", from.y + down);
}

function press(event) {
  const mover = event.target.closest?.("a[data-move]");
  if (held === null && event.key === " " && mover) {
    event.preventDefault();
    take(mover, { isByKeys: true });
    lift();
    aim(tablesOf(mover).find((one) => one.dataset.table === mover.dataset.table), 0);
    return tell(hint().dataset.lifted);
  }
  if (!held?.isByKeys) return;
  if (event.key === "Escape") leave();
  else if (event.key === " " || event.key === "Enter") drop();
  else if (event.key in STEPS) step(...STEPS[event.key]);
  else return;
  event.preventDefault();
}

function step(down, right) {
  const { mover, table, quarters } = held;
  const tables = tablesOf(mover);
  // On the plan tables lie about: every arrow goes to the next one, or the one before.
  const way = drawingOf(mover) ? down : down + right;
  const next = Math.min(Math.max(tables.indexOf(table) + way, 0), tables.length - 1);
  aim(tables[next], quarters + right);
  tables[next].scrollIntoView?.({ block: "nearest", inline: "nearest" });
  tell(hint().dataset.over.replace("{table}", tables[next].dataset.name).replace("{time}", timeOf(mover)));
}

/** What the clock on the wall says after so many quarters of an hour. */
function timeOf(mover) {
  const [hours, minutes] = (mover.dataset.start ?? "0:0").split(":").map(Number);
  const day = 24 * 60;
  const at = (((hours * 60 + minutes + held.quarters * QUARTER_MINUTES) % day) + day) % day;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

function drop() {
  if (held === null) return;
  const { mover, table, quarters, isLifted, isByKeys } = held;
  if (!isLifted || table === null || (table.dataset.table === mover.dataset.table && quarters === 0)) return leave();
  isClickOver = !isByKeys;
  send(mover, table.dataset.table, quarters * QUARTER_MINUTES);
}

function leave() {
  if (held === null) return;
  const { mover, timer, isLifted, isByKeys } = held;
  clearTimeout(timer);
  isClickOver = isLifted && !isByKeys;
  if (isLifted) {
    aim(null, 0);
    mover.classList.remove("is-lifted");
    document.documentElement.classList.remove("is-moving");
    tell(hint().dataset.left);
  }
  held = null;
  whenOver();
}

function tell(words) {
  document.querySelector("[data-moving-told]").textContent = words;
}

/** The table that it was lifted from is exchanged; others that were pushed to it stay. */
function send(mover, table, minutes) {
  const kept = mover.dataset.tables.split(" ").filter((one) => one !== mover.dataset.table);
  const form = document.createElement("form");
  form.method = "post";
  form.action = mover.dataset.move;
  const fields = [["version", mover.dataset.version], ["minutes", minutes], ["there", hint().dataset.there], ...[...new Set([...kept, table])].map((one) => ["tables", one])];
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
