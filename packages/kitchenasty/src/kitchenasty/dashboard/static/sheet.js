// The menu's sheet by keyboard: each cell is saved when it is left, and says what became of it.
// What the server refuses stays as it was typed, with the reason; Escape brings back what is there.
const sheet = document.querySelector("[data-sheet]");
const told = document.querySelector("[data-told]");
const CONFLICT = 409;
const RETRY_MS = 4_000;
const PAGE_LINES = 10;
const unsaved = new Set();
const written = [];
let undoing = null;

const lineOf = (cell) => cell.closest("tr");
const seenOf = (cell) => lineOf(cell).querySelector(`[data-seen="${cell.dataset.cell}"]`);
const textOf = (cell) => (cell.type === "checkbox" ? (cell.checked ? "on" : "") : cell.value);
const isChanged = (cell) => textOf(cell) !== seenOf(cell).value;

function write(cell, text) {
  if (cell.type === "checkbox") cell.checked = text === "on";
  else cell.value = text;
}

function problemOf(cell) {
  const id = `problem-${cell.dataset.cell}-${lineOf(cell).id.slice(5)}`;
  let place = document.getElementById(id);
  if (!place) {
    place = document.createElement("p");
    place.id = id;
    place.className = "problem";
    place.setAttribute("role", "alert");
    cell.closest("td").append(place);
  }
  return place;
}

function complain(cell, text) {
  problemOf(cell).textContent = text;
  cell.setAttribute("aria-invalid", "true");
  cell.setAttribute("aria-describedby", problemOf(cell).id);
}

function calm(cell) {
  document.getElementById(`problem-${cell.dataset.cell}-${lineOf(cell).id.slice(5)}`)?.remove();
  cell.removeAttribute("aria-invalid");
  cell.removeAttribute("aria-describedby");
}

function say(cell, state) {
  lineOf(cell).dataset.state = state;
  if (state === "saved") told.textContent = `${cell.getAttribute("aria-label")}: ${sheet.dataset.saved}`;
}

async function save(cell) {
  if (!isChanged(cell)) return forget(cell);
  if (cell.dataset.busy) return; // when its answer comes, it is looked at again
  const sent = textOf(cell);
  const name = cell.dataset.cell;
  const seen = seenOf(cell);
  cell.dataset.busy = "yes";
  unsaved.add(cell);
  say(cell, "saving");
  const answer = await ask(lineOf(cell).querySelector("[data-keep]").action, {
    [name]: sent,
    [seen.name]: seen.value,
  });
  delete cell.dataset.busy;
  if (answer === null) {
    say(cell, "refused");
    complain(cell, sheet.dataset.away);
    setTimeout(() => unsaved.has(cell) && save(cell), RETRY_MS);
    return;
  }
  if (answer.problem) return refuse(cell, answer);
  if (undoing === cell) undoing = null;
  else written.push({ cell, was: seen.value });
  seen.value = answer.cells[name];
  if (textOf(cell) !== sent) return save(cell);
  write(cell, seen.value);
  forget(cell);
  say(cell, "saved");
}

function refuse(cell, answer) {
  const now = answer.cells?.[cell.dataset.cell];
  say(cell, "refused");
  if (answer.status !== CONFLICT || now === undefined) return complain(cell, answer.problem);
  // Who saves again has read what stands there, and means it.
  seenOf(cell).value = now;
  const shown = cell.type === "checkbox" ? (now ? sheet.dataset.off : sheet.dataset.on) : now || "–";
  complain(cell, `${answer.problem} ${sheet.dataset.now} ${shown}. ${sheet.dataset.again}`);
}

async function ask(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields),
    });
    if (answer.status >= 500) return null;
    const said = await answer.json();
    return answer.ok ? said : { problem: said.error, status: answer.status, cells: said.cells };
  } catch {
    return null;
  }
}

function forget(cell) {
  unsaved.delete(cell);
  calm(cell);
}

function giveUp(cell) {
  write(cell, seenOf(cell).value);
  forget(cell);
  delete lineOf(cell).dataset.state;
  cell.select?.();
}

// Of what was saved since the page was opened, the last first.
function undo() {
  const last = written.pop();
  if (!last) return;
  undoing = last.cell;
  write(last.cell, last.was);
  last.cell.focus();
  save(last.cell);
}

function goTo(cell, at) {
  const lines = [...sheet.tBodies[0].rows];
  const now = lines.indexOf(lineOf(cell));
  go(cell, Math.max(0, Math.min(lines.length - 1, at(now, lines.length))) - now, 0);
}

function fillDown(cell) {
  const above = lineOf(cell).previousElementSibling?.querySelector(`[data-cell="${cell.dataset.cell}"]`);
  if (!above) return;
  write(cell, textOf(above));
  save(cell);
}

// What spreadsheets do with these keys; false where the field itself knows better.
function onCommand(event, cell) {
  const isCommand = event.ctrlKey || event.metaKey;
  const isText = cell.type !== "checkbox";
  if (isCommand && event.key === "Home") goTo(cell, () => 0);
  else if (isCommand && event.key === "End") goTo(cell, (_, count) => count - 1);
  else if (isCommand && event.key === "d") fillDown(cell);
  else if (isCommand && event.key === "z" && !isChanged(cell)) undo();
  else if (event.key === "PageUp") goTo(cell, (at) => at - PAGE_LINES);
  else if (event.key === "PageDown") goTo(cell, (at) => at + PAGE_LINES);
  else if (event.key === "F2" && isText) cell.setSelectionRange(cell.value.length, cell.value.length);
  else if (event.key === " " && event.shiftKey) lineOf(cell).querySelector("[name=dish]").click();
  else return false;
  return true;
}

function go(cell, rows, columns) {
  const line = lineOf(cell);
  const lines = [...sheet.tBodies[0].rows];
  const cells = [...line.querySelectorAll("[data-cell]:not(:disabled)")];
  const next = columns
    ? cells[cells.indexOf(cell) + columns]
    : lines[lines.indexOf(line) + rows]?.querySelector(`[data-cell="${cell.dataset.cell}"]:not(:disabled)`);
  next?.focus();
}

function isAtEdge(cell, columns) {
  if (cell.type === "checkbox") return true;
  const whole = cell.selectionEnd - cell.selectionStart === cell.value.length;
  return whole || (columns < 0 ? cell.selectionEnd === 0 : cell.selectionStart === cell.value.length);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(event) {
  const cell = event.target.closest("[data-cell]");
  const line = event.target.closest("tr[data-line]");
  if (event.key === "F8" && line) {
    event.preventDefault();
    line.querySelector('[data-cell="is86"]').click();
  } else if (cell && !event.altKey && onCommand(event, cell)) {
    event.preventDefault();
  } else if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
    return;
  } else if (event.key === "Enter") {
    event.preventDefault();
    save(cell);
    go(cell, event.shiftKey ? -1 : 1, 0);
  } else if (event.key === "Escape") {
    giveUp(cell);
  } else if (event.key in MOVES && !event.shiftKey) {
    const [rows, columns] = MOVES[event.key];
    if (columns && !isAtEdge(cell, columns)) return;
    event.preventDefault();
    go(cell, rows, columns);
  }
}

if (sheet) {
  sheet.classList.add("live");
  sheet.addEventListener("keydown", onKey);
  sheet.addEventListener("change", (event) => event.target.matches("[data-cell]") && save(event.target));
  sheet.addEventListener("focusin", (event) => event.target.matches("input[data-cell]:not([type=checkbox])") && event.target.select());
  addEventListener("online", () => unsaved.forEach(save));
  addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());
}
