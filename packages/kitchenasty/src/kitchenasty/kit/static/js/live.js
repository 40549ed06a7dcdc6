// Following topics on /live. The server beats every 10 s; whoever hears nothing for `staleSeconds`
// is told so, because an open socket is no proof of life.

const FIRST_RETRY_MS = 300;
const RETRY_MS_MAX = 1_500; // with it a screen is right again within two seconds of the server
const PATIENCE_MS = 4_000; // for a socket that neither opens nor fails
const PATIENCE_MS_MAX = 12_000;
const LOOK_MS = 500;
const STALE_SECONDS = 24; // told before 25 s have passed

/**
 * topics: names, or {topic, capability}; since: {topic: last seq that the page knows}.
 * onMessage({topic, seq, name, body}); onState("live" | "stale");
 * onResync(topic, seq): something is missing, fetch the whole state; onRefused(topic, code, error).
 */
export function connect(options) {
  const { topics, onMessage, onState, onResync, onRefused, staleSeconds = STALE_SECONDS } = options;
  const known = new Map(Object.entries(options.since ?? {}));
  const wanted = topics.map((each) => (typeof each === "string" ? { topic: each } : each));
  const address = location.origin.replace(/^http/, "ws") + "/live";
  const staleMs = staleSeconds * 1000;
  const suspectMs = staleMs / 2;
  const ends = new AbortController();
  let socket = null;
  let state = null;
  let failures = 0;
  let timer = 0;
  let heard = instant();
  let begun = heard;
  let opened = heard;

  function open() {
    clearTimeout(timer);
    if (ends.signal.aborted) return;
    const mine = (socket = new WebSocket(address));
    begun = instant();
    timer = setTimeout(() => mine === socket && again(), patienceMs());
    mine.onopen = () => mine === socket && join(mine);
    mine.onmessage = (event) => mine === socket && hear(JSON.parse(event.data));
    mine.onclose = () => mine === socket && again();
  }

  const patienceMs = () => Math.min(PATIENCE_MS + 2_000 * failures, PATIENCE_MS_MAX);

  /** A slow line needs its time: a page that has just been shown does not begin anew. */
  function isSound() {
    if (socket?.readyState === WebSocket.CONNECTING) return since(begun) < patienceMs();
    return socket?.readyState === WebSocket.OPEN && since(heard) < suspectMs;
  }

  function join(mine) {
    clearTimeout(timer);
    opened = instant();
    for (const { topic, capability } of wanted) {
      mine.send(JSON.stringify({ join: { topic, capability, since: known.get(topic) } }));
    }
  }

  function again() {
    leave();
    // Half fixed, half by chance: a restarted server is not met by all screens at once.
    const pause = Math.min(FIRST_RETRY_MS * 2 ** failures++, RETRY_MS_MAX);
    timer = setTimeout(open, pause / 2 + (Math.random() * pause) / 2);
  }

  function leave() {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    old?.close();
  }

  function reopen() {
    leave();
    failures = 0;
    open();
  }

  function hear(said) {
    heard = instant();
    failures = 0;
    show("live");
    if (said.beat) socket.send(JSON.stringify({ pong: said.beat }));
    else if (said.joined) known.has(said.joined) || known.set(said.joined, said.seq);
    else if (said.resync) missed(said.resync, said.seq);
    else if (said.refused) onRefused?.(said.refused, said.code, said.error);
    else if (said.topic) take(said);
  }

  function take(message) {
    const last = known.get(message.topic) ?? message.seq - 1;
    if (message.seq <= last) return;
    known.set(message.topic, message.seq);
    if (message.seq > last + 1) onResync?.(message.topic, message.seq);
    else onMessage(message);
  }

  function missed(topic, seq) {
    known.set(topic, seq);
    onResync?.(topic, seq);
  }

  function show(next) {
    if (state === next) return;
    state = next;
    onState?.(state);
  }

  function look() {
    if (since(heard) >= staleMs) show("stale");
    // The socket may look open on a dead cable: long before anybody is alarmed, try a new one.
    const isOpen = socket?.readyState === WebSocket.OPEN;
    if (isOpen && Math.min(since(heard), since(opened)) >= suspectMs) reopen();
  }

  function wake(event) {
    if (document.visibilityState === "hidden") return;
    look();
    if (event.type === "online" || !isSound()) reopen();
  }

  const watch = setInterval(look, Math.min(LOOK_MS, staleMs / 10));
  for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, wake, { signal: ends.signal });
  for (const name of ["online", "pageshow"]) addEventListener(name, wake, { signal: ends.signal });
  open();
  return {
    /** Whole seconds since anything was heard. */
    get silentSeconds() {
      return Math.floor(since(heard) / 1000);
    },
    /** The page fetched the state as of `seq`. */
    caughtUp(topic, seq) {
      known.set(topic, Math.max(seq, known.get(topic) ?? 0));
    },
    close() {
      ends.abort();
      clearInterval(watch);
      leave();
    },
  };
}

/** Two clocks: one may be set back, the other may stand still while the device sleeps. */
function instant() {
  return { wall: Date.now(), ticks: performance.now() };
}

function since(then) {
  return Math.max(Date.now() - then.wall, performance.now() - then.ticks);
}
