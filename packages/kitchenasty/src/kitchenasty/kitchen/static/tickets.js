// What the board shows, computed from what the server said and what was not sent yet. Pure.

export const COLUMNS = ["PENDING", "CONFIRMED", "PREPARING", "READY"];
const STEPS = {
  DELIVERY: [...COLUMNS, "OUT_FOR_DELIVERY", "DELIVERED"],
  PICKUP: [...COLUMNS, "PICKED_UP"],
  DINE_IN: [...COLUMNS, "DELIVERED"],
};
const BACK = { PREPARING: "CONFIRMED", READY: "PREPARING" };

export function following(ticket) {
  const steps = STEPS[ticket.orderType];
  return steps[steps.indexOf(ticket.status) + 1] ?? null;
}

/** Where an undo leads; null when the house's rules know no way back. */
export const back = (status) => BACK[status] ?? null;

/** How much of the time from firing to the promise is gone, whole percent. */
export function usedPercent(ticket, now) {
  const promised = Date.parse(ticket.promisedAt);
  let start = Math.min(Date.parse(ticket.fireAt), promised);
  if (start === promised) start = Math.min(Date.parse(ticket.placedAt), promised);
  if (promised <= start) return now >= promised ? 100 : 0;
  return Math.max(0, Math.floor((100 * (now - start)) / (promised - start)));
}

export const toneOf = (percent) => (percent >= 100 ? "late" : percent >= 70 ? "soon" : "calm");

export const minutesLeft = (ticket, now) => Math.floor((Date.parse(ticket.promisedAt) - now) / 60_000);

export function isForLater(ticket, now) {
  const waits = ticket.status === "PENDING" || ticket.status === "CONFIRMED";
  return waits && ticket.scheduledAt !== null && now < Date.parse(ticket.fireAt);
}

/** By when a ticket is fired: nothing that changes, so no ticket ever changes its place by itself. */
export function inOrder(tickets) {
  const key = (ticket) => [Date.parse(ticket.fireAt), Date.parse(ticket.placedAt), ticket.id];
  return [...tickets].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1);
  });
}

/** An order for later is due because its hour has come, and not because somebody began early. */
export function isDueByTime(ticket, now) {
  const waits = ticket.status === "PENDING" || ticket.status === "CONFIRMED";
  return waits && now >= Date.parse(ticket.fireAt);
}

/** Whether a move takes the ticket off the board, from where nothing leads back. */
export const isFinal = (to) => !COLUMNS.includes(to);

/** Where a ticket stands; a cancelled one stays where it was. */
export const columnOf = (ticket) => ticket.column ?? ticket.status;

/** The server's tickets with the waiting changes applied; each counts one version. */
export function withChanges(tickets, changes) {
  const shown = new Map(tickets);
  for (const change of changes) {
    const ticket = shown.get(change.id);
    if (!ticket || change.refused) continue;
    if (change.kind === "seen") shown.delete(change.id);
    else if (ticket.version === change.version) shown.set(change.id, { ...ticket, status: change.to, version: ticket.version + 1, waiting: true });
  }
  return shown;
}

/** A ticket as it is told now, unless we know a later version. */
export function take(tickets, ticket) {
  const known = tickets.get(ticket.id);
  if (known && known.version > ticket.version) return tickets;
  const next = new Map(tickets);
  if (COLUMNS.includes(columnOf(ticket))) next.set(ticket.id, ticket);
  else next.delete(ticket.id);
  return next;
}

export function without(tickets, id) {
  const next = new Map(tickets);
  next.delete(id);
  return next;
}

/** The dishes that are off, after a word about one of them. */
export function withDish(off, dish) {
  const next = new Map(off);
  if (dish.isOff) next.set(dish.id, dish);
  else next.delete(dish.id);
  return next;
}

export function withDishes(off, changes) {
  const wanted = changes.filter((change) => change.kind === "dish" && !change.refused);
  return wanted.reduce((all, { id, number, isOff }) => withDish(all, { id, name: number, isOff }), off);
}

/** How many portions of each dish are still to be cooked, the most first. */
export function allDay(tickets) {
  const counts = new Map();
  for (const ticket of tickets) {
    if (ticket.status === "READY" || ticket.status === "CANCELLED") continue;
    for (const { dishId, name, quantity } of ticket.lines) {
      const known = counts.get(dishId);
      counts.set(dishId, { id: dishId, name, count: (known?.count ?? 0) + quantity });
    }
  }
  return [...counts.values()].sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}

const AS_USUAL = { mode: "NONE", extraMinutes: 0, until: null };
/** How busy the house is at a moment: what was tapped last counts, and what has ended does not. */
export function busyAt(said, changes, now) {
  const wanted = changes.filter((change) => change.kind === "busy" && !change.refused).at(-1);
  const found = wanted ? { mode: wanted.mode, extraMinutes: wanted.extraMinutes, until: null } : said;
  return found.until !== null && Date.parse(found.until) <= now ? AS_USUAL : found;
}
