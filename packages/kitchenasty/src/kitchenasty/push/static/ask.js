// The button by which somebody asks to be told on this phone. Nothing is asked of the browser before
// it is pressed. Where the browser cannot be told, the section stays hidden.
import { trusted } from "/static/js/trust.js";

const WORKER = "/push/sw.js";
const SCOPE = "/push/";
const PATIENCE_MS = 15_000;
const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

for (const section of document.querySelectorAll("[data-push]")) if (CAN) begin(section);

async function begin(section) {
  const [on, off] = [section.querySelector("[data-push-on]"), section.querySelector("[data-push-off]")];
  on.addEventListener("click", () => act(section, follow, "on"));
  off.addEventListener("click", () => act(section, leave, "off"));
  let isOn = false;
  try {
    isOn = await isFollowing(section);
  } catch {
    // What cannot be found out counts as no: pressing asks once more, and twice is once.
  }
  show(section, isOn);
  section.hidden = false;
}

function show(section, isOn) {
  section.querySelector("[data-push-on]").hidden = isOn;
  section.querySelector("[data-push-off]").hidden = !isOn;
}

async function act(section, what, state) {
  const buttons = [...section.querySelectorAll("button")];
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  if (section.dataset.busy) return;
  section.dataset.busy = "yes";
  try {
    const said = await what(section);
    if (said === state) {
      show(section, state === "on");
      section.querySelector(state === "on" ? "[data-push-off]" : "[data-push-on]").focus();
    }
    tell(section, said);
  } catch {
    tell(section, "failed");
  } finally {
    delete section.dataset.busy;
    for (const button of buttons) button.removeAttribute("aria-disabled");
  }
}

function tell(section, state) {
  section.querySelector("[role=status]").textContent = section.querySelector(`[data-push-words=${state}]`).content.textContent;
}

async function follow(section) {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  const registration = await navigator.serviceWorker.register(trusted.createScriptURL(WORKER), { scope: SCOPE });
  await whenActive(registration);
  const subscription = await subscribe(registration);
  const keys = subscription.toJSON().keys;
  await post("/push/follow.json", {
    ...named(section, subscription),
    publicKey: keys.p256dh,
    authSecret: keys.auth,
    ...(section.dataset.capability ? { capability: section.dataset.capability } : {}),
  });
  return "on";
}

async function leave(section) {
  const subscription = await subscribed();
  if (subscription) await post("/push/leave.json", named(section, subscription));
  return "off";
}

async function isFollowing(section) {
  const subscription = Notification.permission === "granted" ? await subscribed() : null;
  if (!subscription) return false;
  return (await (await post("/push/follows.json", named(section, subscription))).json()).follows;
}

async function subscribed() {
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  return registration ? registration.pushManager.getSubscription() : null;
}

/** The subscription of this browser. One that was made for another key of the server is of no use. */
async function subscribe(registration) {
  const answer = await fetch("/push/key.json", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  const applicationServerKey = bytesOf((await answer.json()).publicKey);
  const old = await registration.pushManager.getSubscription();
  if (old) {
    const known = new Uint8Array(old.options.applicationServerKey ?? []);
    if (known.length === applicationServerKey.length && known.every((byte, place) => byte === applicationServerKey[place])) return old;
    await old.unsubscribe();
  }
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

/** Nobody is told before the worker is there. It rules no page, so `ready` would wait for ever. */
function whenActive(registration) {
  if (registration.active) return registration;
  const worker = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(registration);
      else if (worker.state === "redundant") reject(new Error("the worker was replaced"));
    });
  });
}

function named(section, subscription) {
  return { endpoint: subscription.endpoint, about: section.dataset.push, aboutId: section.dataset.id };
}

async function post(path, told) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(told),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function bytesOf(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
