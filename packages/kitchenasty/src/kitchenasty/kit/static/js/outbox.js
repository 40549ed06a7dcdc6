// Intended changes, kept in the browser until the server has them. Each carries its own key, so
// sending one twice changes things once; they survive a reload and a killed browser.

const STORE = "changes";

/**
 * A queue with the given name. `send(change)` makes the request and answers a Response.
 * onSettled(change, response): the server took it; onConflict(change): it said no (409 and other
 * refusals): the change is kept, marked `refused` with its `sentence`, until `drop` is called.
 */
export function openOutbox(name, { send, onSettled, onConflict }) {
  let opened = null;
  let running = null;

  function database() {
    opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(`outbox-${name}`, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    return opened;
  }

  async function within(mode, act) {
    const transaction = (await database()).transaction(STORE, mode, { durability: "strict" });
    const request = act(transaction.objectStore(STORE));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
  }

  const all = () => within("readonly", (store) => store.getAll());
  const drop = (order) => within("readwrite", (store) => store.delete(order));

  /** Keep a change; when this is done it is on the disk. */
  async function put(change) {
    const kept = { ...change, key: change.key ?? newKey(), refused: null };
    kept.order = await within("readwrite", (store) => store.add(kept));
    return kept;
  }

  async function sendWaiting() {
    for (const change of await all()) {
      if (change.refused) continue;
      let response;
      try {
        response = await send(change);
      } catch {
        return; // still away: everything stays, in order
      }
      if (response.ok) {
        await drop(change.order);
        await onSettled?.(change, response);
      } else if (isFinal(response.status)) {
        change.refused = response.status;
        change.sentence = (await response.json().catch(() => ({}))).error ?? String(response.status);
        await within("readwrite", (store) => store.put(change));
        await onConflict?.(change);
      } else return;
    }
  }

  /** Send what waits, oldest first. One page at a time does it, also with several open. */
  function flush() {
    const locked = () => (navigator.locks ? navigator.locks.request(`outbox-${name}`, sendWaiting) : sendWaiting());
    running ??= locked().finally(() => (running = null));
    return running;
  }

  return { put, all, drop, flush };
}

/** A refusal that trying again cannot change. Signed out, too many or in trouble: try later. */
function isFinal(status) {
  return status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
}

/** 128 bits by chance. `randomUUID` is missing on plain HTTP, which a kitchen's own network is. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
