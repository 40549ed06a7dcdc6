// What the board knows = what the server said + what we intend and have not sent.

import { batch, computed, signal } from "/static/vendor/signals.mjs";
import { connect } from "/static/js/live.js";
import { openOutbox } from "/static/js/outbox.js";
import * as chime from "/static/kitchen/chime.js";
import * as rules from "/static/kitchen/tickets.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
export const first = read("snapshot");
export const words = read("words");
export const base = `/kitchen/${first.houseId}`;
const KEPT = `kitchen ${first.houseId}`;
const RING_EVERY_MS = 4_000;
const RETRY_MS = 3_000;
const SURE_MS = 5_000;
const PATIENCE_MS = 10_000;

const index = (all) => new Map(all.map((each) => [each.id, each]));
const tickets = signal(index(first.tickets));
const dishesOff = signal(index(first.off));
const busySaid = signal(first.busy);
const changes = signal([]);
export const state = signal("connecting");
export const sound = signal("off");
export const now = signal(Date.parse(first.at));
export const unseen = signal(new Set());
export const lastMove = signal(null);
export const signedOut = signal(false);
export const help = signal(false);
export const dayShown = signal(false);
export const busyShown = signal(false);
/** The move that was tapped once and cannot be taken back: `<ticket> <status>`. */
export const sure = signal(null);

// Tablets' clocks are wrong; the server's is the one that promises were made by.
let ahead = Date.parse(first.at) - Date.now();
let seq = first.seq;
let follower = null;

const shown = computed(() => rules.inOrder(rules.withChanges(tickets.value, changes.value).values()));
export const later = computed(() => shown.value.filter((ticket) => rules.isForLater(ticket, now.value)));
export const due = computed(() => shown.value.filter((ticket) => !rules.isForLater(ticket, now.value)));
export const allDay = computed(() => rules.allDay(shown.value));
export const off = computed(() => [...rules.withDishes(dishesOff.value, changes.value).values()]);
/** How busy the house is, with what was tapped and not yet sent, and without what has ended. */
export const busy = computed(() => rules.busyAt(busySaid.value, changes.value, now.value));
export const waiting = computed(() => changes.value.filter((change) => !change.refused));
export const refused = computed(() => changes.value.filter((change) => change.refused));
export const silentSeconds = () => now.value && (follower?.silentSeconds ?? 0);

// --- what the cook wants ------------------------------------------------------------------------

const PATHS = {
  move: (change) => `${base}/tickets/${change.id}/move.json`,
  seen: (change) => `${base}/tickets/${change.id}/seen.json`,
  dish: (change) => `${base}/dishes/${change.id}/availability.json`,
  busy: () => `${base}/busy.json`,
};
const BODIES = {
  move: ({ to, version }) => ({ to, version }),
  seen: () => ({}),
  dish: ({ isOff }) => ({ isOff }),
  busy: ({ mode, extraMinutes, lastsMinutes }) => ({ mode, extraMinutes, lastsMinutes }),
};

const outbox = openOutbox(`kitchen-${first.houseId}`, {
  send: (change) =>
    fetch(PATHS[change.kind](change), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "idempotency-key": change.key },
      body: JSON.stringify(BODIES[change.kind](change)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then((response) => {
      signedOut.value = response.status === 401;
      return response;
    }),
  onSettled: async (change, response) => {
    const answer = await response.json();
    const left = await outbox.all();
    batch(() => {
      settle(change, answer);
      changes.value = left;
    });
    keep();
    others.postMessage({ change, answer });
  },
  onConflict: async () => {
    changes.value = await outbox.all();
    others.postMessage(null);
    await refetch();
  },
});

// The same board in a second tab keeps its changes in the same place.
const others = new BroadcastChannel(`kitchen-${first.houseId}`);
others.onmessage = async ({ data }) => {
  const left = await outbox.all();
  batch(() => {
    if (data) settle(data.change, data.answer);
    changes.value = left;
  });
};

function settle(change, answer) {
  if (change.kind === "move") tickets.value = rules.take(tickets.value, answer);
  else if (change.kind === "seen") tickets.value = rules.without(tickets.value, change.id);
  else if (change.kind === "busy") busySaid.value = answer;
  else dishesOff.value = rules.withDish(dishesOff.value, answer);
}

async function intend(change) {
  // Shown at once; on the disk before it is sent.
  changes.value = [...changes.value, { ...change, order: Infinity }];
  await outbox.put(change);
  changes.value = await outbox.all();
  others.postMessage(null);
  await sync();
}

async function sync() {
  await outbox.flush();
  changes.value = await outbox.all();
}

/** One tap; two where nothing leads back. */
export function advance(ticket) {
  const to = rules.following(ticket);
  const asked = `${ticket.id} ${to}`;
  if (!rules.isFinal(to) || sure.value === asked) return move(ticket, to);
  sure.value = asked;
  setTimeout(() => sure.value === asked && (sure.value = null), SURE_MS);
}

async function move(ticket, to, { isUndo = false } = {}) {
  see(ticket.id);
  sure.value = null;
  const change = { kind: "move", id: ticket.id, number: ticket.number, orderType: ticket.orderType, to, version: ticket.version };
  lastMove.value = isUndo ? null : { ...change, from: ticket.status };
  await intend(change);
}

export const canRecall = () => lastMove.value !== null && rules.back(lastMove.value.to) === lastMove.value.from;

/** Take the last move back; answers the ticket, null when it has gone on meanwhile. */
export function recall() {
  const moved = lastMove.value;
  const ticket = moved && shown.value.find((each) => each.id === moved.id);
  if (!ticket || ticket.status !== moved.to || !canRecall()) return null;
  move(ticket, moved.from, { isUndo: true });
  return ticket;
}

/** A cancelled ticket stays on every screen until a cook says that it was seen. */
export function acknowledge(ticket) {
  see(ticket.id);
  return intend({ kind: "seen", id: ticket.id, number: ticket.number });
}

export const setOff = (dish, isOff) => intend({ kind: "dish", id: dish.id, number: dish.name, isOff });

export const setBusy = (mode, extraMinutes, lastsMinutes) =>
  intend({ kind: "busy", id: first.houseId, number: words.busy, mode, extraMinutes, lastsMinutes });

export async function dismiss(change) {
  await outbox.drop(change.order);
  changes.value = await outbox.all();
  others.postMessage(null);
}

export function see(id) {
  if (!unseen.value.has(id)) return;
  unseen.value = new Set([...unseen.value].filter((each) => each !== id));
}

export function seeAll() {
  unseen.value = new Set();
}

function announce(fresh) {
  if (!fresh.length) return;
  unseen.value = new Set([...unseen.value, ...fresh]);
  chime.ring();
}

// --- what the server says -----------------------------------------------------------------------

function hear(message) {
  meanwhile?.push(message);
  apply(message);
  keep();
}

function apply(message) {
  seq = message.seq;
  const { ticket, ticketId, dish, busy: said } = message.body;
  if (said) busySaid.value = said;
  else if (dish) dishesOff.value = rules.withDish(dishesOff.value, dish);
  else if (ticketId) tickets.value = rules.without(tickets.value, ticketId);
  else hearTicket(message.name, ticket);
}

function hearTicket(name, ticket) {
  const known = tickets.value.get(ticket.id);
  const isNew = name === "order.placed" && ticket.status === "PENDING" && !known;
  const isGone = ticket.status === "CANCELLED" && known?.status !== "CANCELLED";
  tickets.value = rules.take(tickets.value, ticket);
  if ((isNew || isGone) && tickets.value.has(ticket.id) && !rules.isForLater(ticket, now.value)) announce([ticket.id]);
}

let meanwhile = null;
let needed = 0;
/** Read the whole board, at least as new as message `upTo`. */
function refetch(_topic, upTo = 0) {
  needed = Math.max(needed, upTo);
  if (meanwhile) return;
  meanwhile = [];
  return fetchBoard()
    .catch(() => false)
    .then((isDone) => {
      meanwhile = null;
      if (!isDone) setTimeout(refetch, RETRY_MS);
      else if (seq < needed) refetch();
    });
}

async function fetchBoard() {
  const answer = await fetch(`${base}/board.json`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
  signedOut.value = answer.status === 401;
  if (answer.ok) adopt(await answer.json());
  return answer.ok;
}

function adopt(snapshot) {
  const known = tickets.value;
  const isFresh = ({ id, status }) => (status === "PENDING" && !known.has(id)) || (status === "CANCELLED" && known.get(id)?.status !== status);
  ahead = Date.parse(snapshot.at) - Date.now();
  seq = snapshot.seq;
  batch(() => {
    tickets.value = index(snapshot.tickets);
    dishesOff.value = index(snapshot.off);
    busySaid.value = snapshot.busy;
    // What was heard while the board was read may be newer than what was read.
    for (const message of meanwhile) if (message.seq > snapshot.seq) apply(message);
  });
  follower?.caughtUp(first.topic, snapshot.seq);
  announce(snapshot.tickets.filter((ticket) => isFresh(ticket) && !rules.isForLater(ticket, now.value)).map((ticket) => ticket.id));
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

/** Move the clock on; an order for later whose time has come is a new ticket. */
function tick() {
  const before = new Set(later.value.map((ticket) => ticket.id));
  now.value = Date.now() + ahead;
  announce(due.value.filter((ticket) => before.has(ticket.id) && rules.isDueByTime(ticket, now.value)).map((ticket) => ticket.id));
}

export async function readChanges() {
  changes.value = await outbox.all().catch(() => []);
}

export function begin() {
  recallKept();
  follower = connect({
    topics: [first.topic],
    since: { [first.topic]: seq },
    staleSeconds: first.staleSeconds,
    onMessage: hear,
    onResync: refetch,
    onRefused: () => {
      signedOut.value = true;
    },
    onState: (next) => {
      state.value = next;
      if (next === "live") sync();
    },
  });
  chime.open((told) => (sound.value = told));
  addEventListener("online", sync);
  setInterval(tick, 1_000);
  setInterval(() => unseen.value.size > 0 && chime.ring(), RING_EVERY_MS);
  setInterval(() => waiting.value.length > 0 && sync(), RETRY_MS);
  sync();
}
