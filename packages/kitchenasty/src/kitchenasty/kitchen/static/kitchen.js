// The kitchen's board as it is drawn, and its keys.

import { h, hydrate } from "/static/vendor/preact.mjs";
import { useLayoutEffect } from "/static/vendor/hooks.mjs";
import { computed } from "/static/vendor/signals.mjs";
import htm from "/static/vendor/htm.mjs";
import { trusted } from "/static/js/trust.js";
import * as kitchen from "/static/kitchen/board.js";
import * as chime from "/static/kitchen/chime.js";
import * as rules from "/static/kitchen/tickets.js";

const { base, first, now, words } = kitchen;
const html = htm.bind(h);
const title = document.querySelector("h1").textContent;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: first.zone });
const time = (iso) => clock.format(new Date(iso));
const columns = computed(() => rules.COLUMNS.map((status) => [status, kitchen.due.value.filter((ticket) => rules.columnOf(ticket) === status)]));
let focused = null;

// --- what is drawn ----------------------------------------------------------------------------

const icon = (name) => html`<svg class="icon" aria-hidden="true"><use href=${`/static/icons.svg#${name}`}></use></svg>`;
const KINDS = {
  DELIVERY: () => ["bike", words.delivery],
  PICKUP: () => ["shopping-bag", words.pickup],
  DINE_IN: (ticket) => ["utensils", words.table.replace("{name}", ticket.table ?? "")],
};
const nameOf = (one, status) => (one.orderType === "DINE_IN" && status === "DELIVERED" ? words.served : words.names[status]);
const actOf = (ticket, to) => (ticket.orderType === "DINE_IN" && to === "DELIVERED" ? words.served : words.acts[to]);
const Kind = ({ ticket }) => {
  const [sign, label] = KINDS[ticket.orderType](ticket);
  return html`<span class="kind">${icon(sign)}<span>${label}</span></span>`;
};

function Act({ ticket, name, path, fields, label, onTap }) {
  const submit = (event) => {
    event.preventDefault();
    focused = ticket.id;
    onTap(ticket);
  };
  return html`<form method="post" action=${`${base}/tickets/${ticket.id}/${path}`} onSubmit=${submit}>${fields}<button class=${name} type="submit">${label}<span class="hidden"> ${ticket.number}</span></button></form>`;
}

function Advance({ ticket, name }) {
  if (ticket.status === "CANCELLED") return html`<${Act} ticket=${ticket} name=${`${name} is-taken-away`} path="seen" label=${words.remove} onTap=${kitchen.acknowledge} />`;
  const to = rules.following(ticket);
  const isSure = kitchen.sure.value === `${ticket.id} ${to}`;
  const fields = html`<input type="hidden" name="to" value=${to} /><input type="hidden" name="version" value=${ticket.version} />`;
  return html`<${Act} ticket=${ticket} name=${isSure ? `${name} is-sure` : name} path="move" fields=${fields} label=${isSure ? `${actOf(ticket, to)}: ${words.sure}` : actOf(ticket, to)} onTap=${kitchen.advance} />`;
}

function Line({ line }) {
  const allergens = line.allergens?.map((name) => words.allergen_names[name] ?? name).join(", ");
  return html`<li><p class="course"><span class="course__quantity">${line.quantity}</span><span>${line.name}</span></p>
    ${line.options.length > 0 && html`<ul class="course__options">${line.options.map((option) => html`<li>${option}</li>`)}</ul>`}
    ${line.note && html`<p class="course__note">${line.note}</p>`}
    ${line.allergens === null ? html`<p class="allergens">${words.unknown}</p>` : allergens && html`<p class="allergens">${words.allergens}: ${allergens}</p>`}</li>`;
}

function Ticket({ ticket }) {
  const percent = rules.usedPercent(ticket, now.value);
  const left = rules.minutesLeft(ticket, now.value);
  const isCancelled = ticket.status === "CANCELLED";
  const isUnseen = kitchen.unseen.value.has(ticket.id);
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

const Later = () => kitchen.later.value.length > 0 && html`<section class="later" aria-labelledby="later-title"><h2 id="later-title">${words.later} <span class="count">${kitchen.later.value.length}</span></h2><ul>
  ${kitchen.later.value.map((ticket) => html`<li key=${ticket.id} data-id=${ticket.id}><strong class="later__number">${ticket.number}</strong><${Kind} ticket=${ticket} /><span>${words.from} <time>${time(ticket.fireAt)}</time>, ${words.promised} <time>${time(ticket.promisedAt)}</time></span><${Advance} ticket=${ticket} name="later__advance" /></li>`)}</ul></section>`;

/** How much of everything is still to be cooked, and what has run out. */
function Day() {
  if (!kitchen.dayShown.value) return null;
  const off = kitchen.off.value;
  const isOff = (dish) => off.some((each) => each.id === dish.id);
  return html`<section class="later day" aria-labelledby="day-title"><h2 id="day-title">${words.day}</h2><ul>
    ${kitchen.allDay.value.filter((dish) => !isOff(dish)).map((dish) => html`<li key=${dish.id} data-dish=${dish.id}><strong class="later__number">${dish.count}</strong><span>${dish.name}</span><button type="button" class="later__advance" onClick=${() => kitchen.setOff(dish, true)}>${words.run_out}<span class="hidden"> ${dish.name}</span></button></li>`)}
    ${off.map((dish) => html`<li key=${dish.id} data-dish=${dish.id} class="is-off"><strong>${words.is_off}</strong><span>${dish.name}</span><button type="button" class="later__advance" onClick=${() => kitchen.setOff(dish, false)}>${words.back_on}<span class="hidden"> ${dish.name}</span></button></li>`)}
    ${kitchen.allDay.value.length + off.length === 0 && html`<li>${words.none}</li>`}</ul></section>`;
}

const busyWords = ({ mode, extraMinutes, until }) => {
  const said = { NONE: words.busy, PAUSED: words.paused, SLOWER: words.slower.replace("%n", extraMinutes) }[mode];
  return until ? `${said}, ${words.until} ${time(until)}` : said;
};

/** The taps of a kitchen that cannot keep up. */
function Busy() {
  if (!kitchen.busyShown.value) return null;
  const tap = (mode, extra, lasts, label) => html`<button type="button" class="later__advance" onClick=${() => kitchen.setBusy(mode, extra, lasts)}>${label}</button>`;
  const isUsual = kitchen.busy.value.mode === "NONE";
  return html`<section class="later busy" aria-labelledby="busy-title"><h2 id="busy-title">${words.busy}</h2><ul>
    <li><strong role="status">${isUsual ? words.usual : busyWords(kitchen.busy.value)}</strong></li>
    <li>${tap("SLOWER", 20, 60, words.longer)}</li><li>${tap("PAUSED", 0, 30, words.pause)}</li>
    ${!isUsual && html`<li>${tap("NONE", 0, 0, words.again)}</li>`}</ul></section>`;
}

const Refusal = ({ change }) => html`<p class="alarm alarm--refused" role="alert"><strong>${change.number}</strong> ${words.refused}${change.to && ` (${nameOf(change, change.to)})`}: ${change.sentence} <button type="button" onClick=${() => kitchen.dismiss(change)}>${words.ok}</button></p>`;

function Banners() {
  const kept = kitchen.waiting.value.length;
  return html`${kitchen.signedOut.value && html`<p class="alarm" role="alert">${icon("lock")}${words.signed_out} <a href=${`/sign-in?next=${base}`}>${words.sign_in}</a></p>`}
    ${kitchen.state.value === "stale" && html`<div class="alarm"><p role="alert">${icon("wifi-off")}${words.lost}</p><p>${words.heard} <strong class="alarm__seconds">${kitchen.silentSeconds()}</strong> ${words.ago}${kept > 0 && html`; <strong>${kept}</strong> ${words.kept}`}</p></div>`}
    ${kitchen.refused.value.map((change) => html`<${Refusal} key=${change.order} change=${change} />`)}`;
}

const Tool = ({ sign, loud, pressed, onTap, children }) => html`<button type="button" class=${loud ? "tool tool--loud" : "tool"} aria-pressed=${pressed} onClick=${onTap}>${icon(sign)}${children}</button>`;

function Bar() {
  const { help, dayShown, lastMove, state, unseen, waiting } = kitchen;
  const label = { live: words.live, stale: words.lost, connecting: words.connecting }[state.value];
  const isOn = kitchen.sound.value === "on";
  return html`<header class="kitchen__bar"><h1>${title}</h1><p class=${`kitchen__state is-${state.value}`}>${label}</p>
    ${waiting.value.length > 0 && html`<p class="kitchen__waiting">${waiting.value.length} ${words.waiting}</p>`}
    <div class="kitchen__tools">
    ${unseen.value.size > 0 && html`<${Tool} sign="bell" loud onTap=${kitchen.seeAll}>${words.newcomers}: ${unseen.value.size}. ${words.acknowledge}<//>`}
    ${kitchen.canRecall() && html`<${Tool} sign="undo-2" onTap=${undo}>${words.undo} ${lastMove.value.number}<//>`}
    <${Tool} sign="timer" loud=${kitchen.busy.value.mode !== "NONE"} pressed=${kitchen.busyShown.value ? "true" : "false"} onTap=${() => (kitchen.busyShown.value = !kitchen.busyShown.value)}>${busyWords(kitchen.busy.value)}<//>
    <${Tool} sign="list" pressed=${dayShown.value ? "true" : "false"} onTap=${() => (dayShown.value = !dayShown.value)}>${words.day}<//>
    <${Tool} sign=${isOn ? "volume-2" : "volume-x"} loud=${!isOn} pressed=${isOn ? "true" : "false"} onTap=${isOn ? chime.turnOff : chime.turnOn}>${isOn ? words.sound_on : words.sound_off}<//>
    <${Tool} sign="info" pressed=${help.value ? "true" : "false"} onTap=${() => (help.value = !help.value)}>${words.keys}<//>
    </div></header>
    ${help.value && html`<p class="kitchen__help"><kbd>1</kbd>–<kbd>9</kbd> <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> ${words.tickets} · <kbd>Enter</kbd> → · <kbd>R</kbd> ${words.undo} · <kbd>A</kbd> ${words.acknowledge} · <kbd>B</kbd> ${words.busy} · <kbd>D</kbd> ${words.day} · <kbd>S</kbd> ${words.sound_key} · <kbd>?</kbd> ${words.keys}</p>`}`;
}

function undo() {
  const ticket = kitchen.recall();
  if (ticket) focused = ticket.id;
}

function Board() {
  useLayoutEffect(() => {
    // A ticket that changed its column was drawn anew: the keyboard stays with it.
    if (!focused) return;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (lost) document.querySelector(`[data-id="${focused}"] button`)?.focus();
  });
  return html`<${Bar} /><${Banners} /><${Busy} /><${Day} /><${Later} /><div class="columns">${columns.value.map(([status, own]) => html`<${Column} status=${status} tickets=${own} />`)}</div>`;
}

// --- keys ---------------------------------------------------------------------------------------

const KEYS = {
  arrowright: (buttons, at) => buttons[Math.min(at + 1, buttons.length - 1)]?.focus(),
  arrowleft: (buttons, at) => buttons[Math.max(at - 1, 0)]?.focus(),
  r: undo,
  a: kitchen.seeAll,
  b: () => (kitchen.busyShown.value = !kitchen.busyShown.value),
  d: () => (kitchen.dayShown.value = !kitchen.dayShown.value),
  s: () => (kitchen.sound.value === "on" ? chime.turnOff() : chime.turnOn()),
  "?": () => (kitchen.help.value = !kitchen.help.value),
};
KEYS.arrowdown = KEYS.arrowright;
KEYS.arrowup = KEYS.arrowleft;

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...document.querySelectorAll(".ticket .advance")];
  const key = event.key.toLowerCase();
  if (/^[1-9]$/.test(key)) buttons[Number(key) - 1]?.focus();
  else if (key in KEYS) KEYS[key](buttons, buttons.indexOf(document.activeElement));
  else return;
  event.preventDefault();
}

// --- begin --------------------------------------------------------------------------------------

await kitchen.readChanges();
const root = document.getElementById("board");
hydrate(html`<${Board} />`, root);
kitchen.begin();
document.addEventListener("keydown", press);
document.addEventListener("focusin", (event) => { focused = event.target.closest("[data-id]")?.dataset.id ?? null; });
root.dataset.ready = "yes";
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register(trusted.createScriptURL("/kitchen/sw.js"), { scope: "/kitchen/" });
  const worker = (await navigator.serviceWorker.ready).active;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const shell = loaded.filter((url) => url.pathname.startsWith("/static/")).map((url) => url.pathname + url.search);
  worker.postMessage({ keep: [location.pathname, ...new Set(shell)] });
}
