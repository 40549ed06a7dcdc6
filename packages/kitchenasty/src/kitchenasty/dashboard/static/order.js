// Lists put in order: a line is dragged by its grip, or moved with Alt and the arrows or a button.
// Each move is one request with the whole list, as it was seen and as it is wanted. Without script
// the buttons send one step.
const WAIT_MS = 400;
const told = document.querySelector("[data-order-told]");
const waiting = new Map();

const linesOf = (list) => [...list.children];
const idsOf = (list) => linesOf(list).map((line) => line.dataset.id);
const formOf = (list) => document.getElementById(list.dataset.order);

function say(text) {
  told.querySelector("[data-order-said]").textContent = text;
}

function tellPlace(line) {
  const lines = linesOf(line.parentElement);
  const words = { name: line.dataset.name, place: lines.indexOf(line) + 1, count: lines.length };
  say(told.dataset.moved.replace(/\{(\w+)\}/g, (_, key) => words[key]));
}

function renewSteps(list) {
  linesOf(list).forEach((line, at, lines) => {
    const [up, down] = line.querySelectorAll(":scope > .order-line [data-step]");
    up.disabled = at === 0;
    down.disabled = at === lines.length - 1;
  });
}

function step(line, by) {
  const list = line.parentElement;
  const lines = linesOf(list);
  const to = lines.indexOf(line) + by;
  if (to < 0 || to >= lines.length) return;
  const focused = document.activeElement;
  list.insertBefore(line, by < 0 ? lines[to] : lines[to].nextElementSibling);
  renewSteps(list);
  const there = line.contains(focused) && !focused.disabled ? focused : line.querySelector("button:not(:disabled), a");
  there.focus();
  tellPlace(line);
  saveSoon(list);
}

// Whoever presses a key five times means one move.
function saveSoon(list) {
  clearTimeout(waiting.get(list));
  waiting.set(list, setTimeout(() => save(list), WAIT_MS));
}

async function save(list) {
  const form = formOf(list);
  if (form.dataset.busy) return saveSoon(list);
  waiting.delete(list);
  const wanted = idsOf(list).join(",");
  if (wanted === form.elements.seen.value) return;
  form.dataset.busy = "yes";
  const fields = new URLSearchParams(new FormData(form));
  fields.set("wanted", wanted);
  const answer = await ask(form.getAttribute("action"), fields);
  delete form.dataset.busy;
  if (answer?.seen) return keep(form, answer);
  putBack(list, form);
  complain(answer?.error ?? told.dataset.away);
}

function complain(text) {
  const notice = told.querySelector("[data-order-quarrel]");
  notice.querySelector("span").textContent = text;
  notice.hidden = false;
}

function keep(form, answer) {
  form.elements.seen.value = answer.seen.join(",");
  told.querySelector("[data-order-quarrel]").hidden = true;
  say(told.dataset.kept);
  if (!answer.order) return;
  told.querySelector("[data-order-kept]").hidden = false;
  told.querySelector("[data-order-back]").action = `/admin/menu/order/${answer.order}/take-back`;
}

function putBack(list, form) {
  const lines = new Map(linesOf(list).map((line) => [line.dataset.id, line]));
  for (const id of form.elements.seen.value.split(",")) list.append(lines.get(id));
  renewSteps(list);
}

async function ask(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", headers: { accept: "application/json" }, body });
    if (answer.status >= 500) return null;
    return { ...(await answer.json()), status: answer.status };
  } catch {
    return null;
  }
}

function drag(event) {
  const line = event.target.closest("li[data-id]");
  const list = line.parentElement;
  const over = new AbortController();
  line.classList.add("is-moving");
  const move = ({ clientY }) => {
    const others = linesOf(list).filter((one) => one !== line);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    if (next !== line.nextElementSibling) list.insertBefore(line, next ?? null);
  };
  const end = () => {
    over.abort();
    line.classList.remove("is-moving");
    renewSteps(list);
    if (idsOf(list).join(",") === formOf(list).elements.seen.value) return;
    tellPlace(line);
    saveSoon(list);
  };
  // On the document: a line that is moved in the page loses its hold of the pointer.
  document.addEventListener("pointermove", move, { signal: over.signal });
  document.addEventListener("pointerup", end, { signal: over.signal });
  document.addEventListener("pointercancel", end, { signal: over.signal });
}

if (told) {
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-grip]") || event.button) return;
    event.preventDefault();
    drag(event);
  });
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest("li[data-id]");
    if (!line || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    step(line, event.key === "ArrowUp" ? -1 : 1);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    step(button.closest("li[data-id]"), Number(button.dataset.step));
  });
  addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
}
