// The kitchen's board. What it shows = what the server said + what we intend and have not sent.

import { h, hydrate } from "/static/vendor/preact.mjs";
import { useLayoutEffect } from "/static/vendor/hooks.mjs";
import { batch, computed, signal } from "/static/vendor/signals.mjs";
import htm from "/static/vendor/htm.mjs";
import { connect } from "/static/js/live.js";
import { openOutbox } from "/static/js/outbox.js";
import { trusted } from "/static/js/trust.js";
import * as chime from "/static/kitchen/chime.js";
import * as rules from "/static/kitchen/tickets.js";

const html = htm.bind(h);
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const first = read("snapshot");
const words = read("words");
const house = first.houseId;
const base = `/kitchen/${house}`;
const KEPT = `kitchen ${house}`;
const RING_EVERY_MS = 4000;
const RETRY_MS = 3000;
const title = document.querySelector("h1").textContent;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: first.zone });
const time = (iso) => clock.format(new Date(iso));

const index = (tickets) => new Map(tickets.map((ticket) => [ticket.id, ticket]));
const tickets = signal(index(first.tickets));
const changes = signal([]);
const state = signal("connecting");
const now = signal(Date.parse(first.at));
const unseen = signal(new Set());
const isLoud = signal(false);
const lastMove = signal(null);
const signedOut = signal(false);
const help = signal(false);
// Tablets' clocks are wrong; the server's is the one that promises were made by.
let ahead = Date.parse(first.at) - Date.now();
let seq = first.seq;
let focused = null;

const shown = computed(() => rules.inOrder(rules.withChanges(tickets.value, changes.value).values()));
const later = computed(() => shown.value.filter((ticket) => rules.isForLater(ticket, now.value)));
const due = computed(() => shown.value.filter((ticket) => !rules.isForLater(ticket, now.value)));
const columnOf = (ticket) => ticket.column ?? ticket.status;
const board = computed(() => rules.COLUMNS.map((status) => [status, due.value.filter((ticket) => columnOf(ticket) === status)]));
const waiting = computed(() => changes.value.filter((change) => !change.refused));
const refused = computed(() => changes.value.filter((change) => change.refused));

const outbox = openOutbox(`kitchen-${house}`, {
  send: (change) =>
    fetch(`${base}/tickets/${change.id}/move.json`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "idempotency-key": change.key },
      body: JSON.stringify({ to: change.to, version: change.version }),
      signal: AbortSignal.timeout(10_000),
    }).then((response) => {
      signedOut.value = response.status === 401;
      return response;
    }),
  onSettled: async (_change, response) => {
    const ticket = await response.json();
    const left = await outbox.all();
    batch(() => {
      tickets.value = rules.take(tickets.value, ticket);
      changes.value = left;
    });
    keep();
  },
  onConflict: async (change, response) => {
    const answer = await response.json().catch(() => ({}));
    sentences.set(change.order, answer.error ?? String(response.status));
    changes.value = await outbox.all();
    await refetch();
  },
});
const sentences = new Map();

async function sync() {
  await outbox.flush();
  changes.value = await outbox.all();
}

async function move(ticket, to, { isUndo = false } = {}) {
  if (!to) return;
  see(ticket.id);
  const change = { id: ticket.id, number: ticket.number, to, version: ticket.version };
  // Shown at once; on the disk before it is sent.
  changes.value = [...changes.value, { ...change, order: Infinity }];
  lastMove.value = isUndo ? null : { ...change, from: ticket.status };
  await outbox.put(change);
  changes.value = await outbox.all();
  await sync();
}

function recall() {
  const moved = lastMove.value;
  if (!moved) return;
  const ticket = shown.value.find((each) => each.id === moved.id);
  if (ticket && ticket.status === moved.to && rules.back(moved.to) === moved.from) {
    focused = ticket.id;
    move(ticket, moved.from, { isUndo: true });
  }
}

async function dismiss(change) {
  await outbox.drop(change.order);
  changes.value = await outbox.all();
}

function see(id) {
  if (!unseen.value.has(id)) return;
  unseen.value = new Set([...unseen.value].filter((each) => each !== id));
}

function seeAll() {
  unseen.value = new Set();
}

function announce(fresh) {
  unseen.value = new Set([...unseen.value, ...fresh]);
  chime.ring();
}

// --- what the server says -------------------------------------------------------------------

function hear(message) {
  const { ticket, before } = message.body;
  seq = message.seq;
  const isNew = message.name === "order.placed" && ticket.status === "PENDING" && !tickets.value.has(ticket.id);
  tickets.value = rules.take(tickets.value, ticket, before);
  if (isNew) announce([ticket.id]);
  keep();
}

let fetching = null;
function refetch() {
  fetching ??= fetchBoard().finally(() => (fetching = null));
  return fetching;
}

async function fetchBoard() {
  try {
    const answer = await fetch(`${base}/board.json`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    signedOut.value = answer.status === 401;
    if (answer.ok) adopt(await answer.json());
    else setTimeout(refetch, RETRY_MS);
  } catch {
    setTimeout(refetch, RETRY_MS);
  }
}

function adopt(snapshot) {
  const known = tickets.value;
  const fresh = snapshot.tickets.filter((ticket) => ticket.status === "PENDING" && !known.has(ticket.id));
  ahead = Date.parse(snapshot.at) - Date.now();
  seq = snapshot.seq;
  tickets.value = index(snapshot.tickets);
  follower?.caughtUp(first.topic, snapshot.seq);
  if (fresh.length) announce(fresh.map((ticket) => ticket.id));
  keep();
}

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ seq, tickets: [...tickets.value.values()] }));
  } catch {
    // A full disk must not stop the board; it only could not be shown after an offline reload.
  }
}

/** After an offline reload the page is an old one: show the last board that was kept. */
function recallKept() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  if (kept && kept.seq > seq) {
    seq = kept.seq;
    tickets.value = index(kept.tickets);
  }
}

// --- what is drawn ----------------------------------------------------------------------------

const icon = (name) => html`<svg class="icon" aria-hidden="true"><use href=${`/static/icons.svg#${name}`}></use></svg>`;
const Kind = ({ ticket }) => {
  const isDelivery = ticket.orderType === "DELIVERY";
  return html`<span class="kind">${icon(isDelivery ? "bike" : "shopping-bag")}<span>${isDelivery ? words.delivery : words.pickup}</span></span>`;
};

function Advance({ ticket, name }) {
  if (ticket.status === "CANCELLED") {
    const take = () => { const next = new Map(tickets.value); next.delete(ticket.id); tickets.value = next; see(ticket.id); };
    return html`<button class=${name} type="button" onClick=${take}>${words.remove}<span class="hidden"> ${ticket.number}</span></button>`;
  }
  const to = rules.following(ticket);
  const submit = (event) => {
    event.preventDefault();
    focused = ticket.id;
    move(ticket, to);
  };
  return html`<form method="post" action=${`${base}/tickets/${ticket.id}/move`} onSubmit=${submit}><input type="hidden" name="to" value=${to} /><input type="hidden" name="version" value=${ticket.version} /><button class=${name} type="submit">${words.acts[to]}<span class="hidden"> ${ticket.number}</span></button></form>`;
}

function Line({ line }) {
  const allergens = line.allergens?.join(", ");
  return html`<li><p class="course"><span class="course__quantity">${line.quantity}</span><span>${line.name}</span></p>
    ${line.options.length > 0 && html`<ul class="course__options">${line.options.map((option) => html`<li>${option}</li>`)}</ul>`}
    ${line.note && html`<p class="course__note">${line.note}</p>`}
    ${line.allergens === null ? html`<p class="allergens">${words.unknown}</p>` : allergens && html`<p class="allergens">${words.allergens}: ${allergens}</p>`}</li>`;
}

function Ticket({ ticket }) {
  const percent = rules.usedPercent(ticket, now.value);
  const left = rules.minutesLeft(ticket, now.value);
  const isCancelled = ticket.status === "CANCELLED";
  const isUnseen = unseen.value.has(ticket.id);
  const names = ["ticket", `is-${rules.toneOf(percent)}`, ticket.waiting && "is-waiting", isUnseen && "is-unseen", isCancelled && "is-cancelled"];
  return html`<article class=${names.filter(Boolean).join(" ")} data-id=${ticket.id} aria-labelledby=${`number-${ticket.id}`}>
    <header class="ticket__head"><h3 class="ticket__number" id=${`number-${ticket.id}`}>${ticket.number}</h3><${Kind} ticket=${ticket} /></header>
    ${isCancelled && html`<p class="ticket__cancelled">${words.cancelled}</p>`}
    ${ticket.waiting && html`<p class="ticket__waiting">${icon("clock")}${words.waiting}</p>`}
    <p class="ticket__who"><span>${ticket.guestName}</span><span>${words.promised} <time>${time(ticket.promisedAt)}</time></span></p>
    <p class="ticket__age"><progress max="100" value=${Math.min(percent, 100)} aria-label=${words.used}></progress><strong>${Math.abs(left)} ${left >= 0 ? words.left : words.late}</strong></p>
    ${ticket.note && html`<p class="ticket__note">${ticket.note}</p>`}
    <ul class="courses">${ticket.lines.map((line) => html`<${Line} line=${line} />`)}</ul>
    <${Advance} ticket=${ticket} name="advance" />
  </article>`;
}

const Column = ({ status, tickets: own }) => html`<section class="column" data-column=${status} aria-labelledby=${`column-${status}`}><h2 id=${`column-${status}`}>${words.names[status]} <span class="count">${own.length}</span></h2>
  ${own.map((ticket) => html`<${Ticket} key=${ticket.id} ticket=${ticket} />`)}
  ${own.length === 0 && html`<p class="column__empty">${words.none}</p>`}</section>`;

const Later = () => later.value.length > 0 && html`<section class="later" aria-labelledby="later-title"><h2 id="later-title">${words.later} <span class="count">${later.value.length}</span></h2><ul>
  ${later.value.map((ticket) => html`<li key=${ticket.id} data-id=${ticket.id}><strong class="later__number">${ticket.number}</strong><${Kind} ticket=${ticket} /><span>${words.from} <time>${time(ticket.fireAt)}</time>, ${words.promised} <time>${time(ticket.promisedAt)}</time></span><${Advance} ticket=${ticket} name="later__advance" /></li>`)}</ul></section>`;

function Banners() {
  const silent = now.value && (follower?.silentSeconds ?? 0);
  const kept = waiting.value.length;
  return html`${signedOut.value && html`<p class="alarm" role="alert">${icon("lock")}${words.signed_out} <a href=${`/sign-in?next=${base}`}>${words.sign_in}</a></p>`}
    ${state.value === "stale" && html`<div class="alarm"><p role="alert">${icon("wifi-off")}${words.lost}</p><p>${words.heard} <strong class="alarm__seconds">${silent}</strong> ${words.ago}${kept > 0 && html`; <strong>${kept}</strong> ${words.kept}`}</p></div>`}
    ${refused.value.map((change) => html`<p class="alarm alarm--refused" role="alert" key=${change.order}><strong>${change.number}</strong> ${words.refused} (${words.names[change.to]}): ${sentences.get(change.order) ?? change.refused} <button type="button" onClick=${() => dismiss(change)}>${words.ok}</button></p>`)}`;
}

function Bar() {
  const label = { live: words.live, stale: words.lost, connecting: words.connecting }[state.value];
  const loud = isLoud.value;
  return html`<header class="kitchen__bar"><h1>${title}</h1><p class=${`kitchen__state is-${state.value}`}>${label}</p>
    ${waiting.value.length > 0 && html`<p class="kitchen__waiting">${waiting.value.length} ${words.waiting}</p>`}
    <div class="kitchen__tools">
    ${unseen.value.size > 0 && html`<button type="button" class="tool tool--loud" onClick=${seeAll}>${icon("bell")}${words.newcomers}: ${unseen.value.size}. ${words.acknowledge}</button>`}
    ${lastMove.value && rules.back(lastMove.value.to) === lastMove.value.from && html`<button type="button" class="tool" onClick=${recall}>${icon("undo-2")}${words.undo} ${lastMove.value.number}</button>`}
    <button type="button" class="tool" aria-pressed=${loud ? "true" : "false"} onClick=${turnSoundOn}>${icon(loud ? "volume-2" : "volume-x")}${loud ? words.sound_off : words.sound_on}</button>
    <button type="button" class="tool" onClick=${() => (help.value = !help.value)}>${icon("info")}${words.keys}</button>
    </div></header>
    ${help.value && html`<p class="kitchen__help"><kbd>1</kbd>–<kbd>9</kbd> <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> ${words.tickets} · <kbd>Enter</kbd> → · <kbd>R</kbd> ${words.undo} · <kbd>A</kbd> ${words.acknowledge} · <kbd>?</kbd> ${words.keys}</p>`}`;
}

function Board() {
  useLayoutEffect(() => {
    // A ticket that changed its column was drawn anew: the keyboard stays with it.
    if (!focused) return;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (lost) document.querySelector(`[data-id="${focused}"] button`)?.focus();
  });
  return html`<${Bar} /><${Banners} /><${Later} /><div class="columns">${board.value.map(([status, own]) => html`<${Column} status=${status} tickets=${own} />`)}</div>`;
}

async function turnSoundOn() {
  await chime.enable();
  isLoud.value = true;
}

// --- keys ---------------------------------------------------------------------------------------

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=hidden]), textarea, select")) return;
  const buttons = [...document.querySelectorAll(".ticket .advance")];
  const at = buttons.indexOf(document.activeElement);
  const key = event.key.toLowerCase();
  if (/^[1-9]$/.test(key)) buttons[Number(key) - 1]?.focus();
  else if (key === "arrowright" || key === "arrowdown") buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
  else if (key === "arrowleft" || key === "arrowup") buttons[Math.max(at - 1, 0)]?.focus();
  else if (key === "r") recall();
  else if (key === "a") seeAll();
  else if (key === "?") help.value = !help.value;
  else return;
  event.preventDefault();
}

// --- begin --------------------------------------------------------------------------------------

changes.value = await outbox.all().catch(() => []);
let follower = null;
const root = document.getElementById("board");
hydrate(html`<${Board} />`, root);
recallKept();
follower = connect({
  topics: [first.topic],
  since: { [first.topic]: seq },
  staleSeconds: first.staleSeconds,
  onMessage: hear,
  onResync: refetch,
  onRefused: () => { signedOut.value = true; },
  onState: (next) => {
    state.value = next;
    if (next === "live") sync();
  },
});
document.addEventListener("keydown", press);
document.addEventListener("focusin", (event) => { focused = event.target.closest("[data-id]")?.dataset.id ?? null; });
addEventListener("online", sync);
setInterval(() => (now.value = Date.now() + ahead), 1000);
setInterval(() => unseen.value.size > 0 && chime.ring(), RING_EVERY_MS);
setInterval(() => waiting.value.length > 0 && sync(), RETRY_MS);
sync();
root.dataset.ready = "yes";
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register(trusted.createScriptURL("/kitchen/sw.js"), { scope: "/kitchen/" });
  const worker = (await navigator.serviceWorker.ready).active;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const shell = loaded.filter((url) => url.pathname.startsWith("/static/")).map((url) => url.pathname + url.search);
  worker.postMessage({ keep: [location.pathname, ...new Set(shell)] });
}
