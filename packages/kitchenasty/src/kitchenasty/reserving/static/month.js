// The sheet of a month by keyboard, as grids are: arrows by a day or a week, Home and End within the
// week, PageUp and PageDown by a month. Without this every day that can be had is a link of its own.
import { trusted } from "/static/js/trust.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const PAGES = { PageUp: "earlier", PageDown: "later" };
let isTurning = false;

const sheet = () => document.querySelector("[data-month]");
const days = () => [...sheet().querySelectorAll("[data-day]")];
const dayOf = (place) => Number(place.dataset.day.slice(8));

/** The grid has one place in the order of Tab: the chosen day, else the first that can be had. */
function ready() {
  const table = sheet().querySelector("table");
  table.setAttribute("role", "grid");
  for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "gridcell");
  for (const cell of table.querySelectorAll("[data-chosen]")) cell.setAttribute("aria-selected", "true");
  hold(table.querySelector("[aria-current]") ?? table.querySelector("a") ?? days()[0]);
}

function hold(place) {
  for (const day of days()) day.tabIndex = day === place ? 0 : -1;
}

function go(place) {
  hold(place);
  place.focus();
}

/** Past the first and the last day of the sheet lies the month beside it. */
function move(from, step) {
  const all = days();
  const next = all.indexOf(from) + step;
  if (next in all) return go(all[next]);
  const [page, wanted] = next < 0 ? ["earlier", (count) => count + next + 1] : ["later", () => next - all.length + 1];
  return turn(page, wanted);
}

function alongWeek(from, toEnd) {
  const week = [...from.closest("tr").querySelectorAll("[data-day]")];
  go(toEnd ? week.at(-1) : week[0]);
}

/** Shows the month beside this one; `wanted` says which of its days to stand on. */
async function turn(direction, wanted) {
  const link = sheet().querySelector(`[data-page=${direction}]`);
  if (link === null || isTurning) return;
  isTurning = true;
  try {
    const answer = await fetch(link.href, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(trusted.createHTML(await answer.text()), "text/html");
    const fresh = page.querySelector("[data-month]");
    if (fresh === null) throw new Error("no month");
    sheet().replaceWith(fresh);
    document.querySelector("[name=month]").value = page.querySelector("[name=month]").value;
    ready();
    const all = days();
    go(all[Math.min(Math.max(wanted(all.length), 1), all.length) - 1]);
  } catch {
    location.assign(link.href);
  } finally {
    isTurning = false;
  }
}

function onKey(event) {
  const place = event.target.closest?.("[data-month] [data-day]");
  if (!place || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key in STEPS) move(place, STEPS[event.key]);
  else if (event.key in PAGES) turn(PAGES[event.key], () => dayOf(place));
  else if (event.key === "Home" || event.key === "End") alongWeek(place, event.key === "End");
  else return;
  event.preventDefault();
}

if (sheet() !== null) {
  ready();
  document.addEventListener("keydown", onKey);
}
