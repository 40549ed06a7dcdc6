// Following topics on /live. The server beats every 10 s; whoever hears nothing for `staleSeconds`
// is told so, because an open socket is no proof of life.

/**
 * topics: names, or {topic, capability}; since: {topic: last seq that the page knows}.
 * onMessage({topic, seq, name, body}); onState("live" | "stale", lastHeardAt in ms);
 * onResync(topic, seq): something is missing, fetch the whole state; onRefused(topic, code, error).
 */
export function connect(options) {
  const { topics, onMessage, onState, onResync, onRefused, url, staleSeconds = 25 } = options;
  const known = new Map(Object.entries(options.since ?? {}));
  const wanted = topics.map((each) => (typeof each === "string" ? { topic: each } : each));
  const address = url ?? location.origin.replace(/^http/, "ws") + "/live";
  let socket = null;
  let state = null;
  let failures = 0;
  let retry = 0;
  let closed = false;
  let lastHeardAt = Date.now();

  function show(next) {
    if (state === next) return;
    state = next;
    onState?.(state, lastHeardAt);
  }

  function open() {
    clearTimeout(retry);
    if (closed) return;
    const mine = (socket = new WebSocket(address));
    mine.onopen = () => {
      for (const { topic, capability } of wanted) {
        mine.send(JSON.stringify({ join: { topic, capability, since: known.get(topic) } }));
      }
    };
    mine.onmessage = (event) => mine === socket && hear(JSON.parse(event.data));
    mine.onclose = () => mine === socket && again();
  }

  function again() {
    socket = null;
    // Half fixed, half by chance: a restarted server is not met by all screens at once.
    const pause = Math.min(500 * 2 ** failures++, 3000);
    retry = setTimeout(open, pause / 2 + (Math.random() * pause) / 2);
  }

  function reopen() {
    const old = socket;
    socket = null;
    old?.close();
    failures = 0;
    open();
  }

  function hear(heard) {
    lastHeardAt = Date.now();
    failures = 0;
    show("live");
    if (heard.beat) socket.send(JSON.stringify({ pong: heard.beat }));
    else if (heard.joined) known.has(heard.joined) || known.set(heard.joined, heard.seq);
    else if (heard.resync) missed(heard.resync, heard.seq);
    else if (heard.refused) onRefused?.(heard.refused, heard.code, heard.error);
    else if (heard.topic) take(heard);
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

  function look() {
    const silent = Date.now() - lastHeardAt;
    if (silent < staleSeconds * 1000) return;
    show("stale");
    // The socket may look open on a dead cable: make a new one now and then.
    if (socket && silent % (staleSeconds * 1000) < 1000) reopen();
  }

  function wake() {
    if (document.visibilityState === "hidden") return;
    look();
    if (!socket || state !== "live" || Date.now() - lastHeardAt > 12_000) reopen();
  }

  const watch = setInterval(look, Math.min(1000, staleSeconds * 250));
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  open();
  return {
    get state() {
      return state;
    },
    get lastHeardAt() {
      return lastHeardAt;
    },
    /** The page fetched the state as of `seq`. */
    caughtUp(topic, seq) {
      known.set(topic, Math.max(seq, known.get(topic) ?? 0));
    },
    close() {
      closed = true;
      clearInterval(watch);
      clearTimeout(retry);
      document.removeEventListener("visibilitychange", wake);
      removeEventListener("online", wake);
      socket?.close();
    },
  };
}
