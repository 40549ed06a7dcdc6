// Keys of the office: two-letter jumps named by the links themselves, "n" for what the page calls
// new (a link, a button, or the first field of its form), "/" to search this page or else the orders, "?" for help.
const JUMP_MILLISECONDS = 1200;
let started = "";
let startedAt = 0;

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const jump = (event) => {
  const isSoonEnough = event.timeStamp - startedAt < JUMP_MILLISECONDS;
  const keys = started && isSoonEnough ? `${started} ${event.key}` : event.key;
  const found = document.querySelector(`a[data-keys="${CSS.escape(keys)}"]`) ?? (keys === "n" ? document.querySelector("[data-new]") : null);
  started = found ? "" : event.key;
  startedAt = event.timeStamp;
  if (!found) return;
  event.preventDefault();
  if (found.matches("input, select, textarea")) found.focus();
  else found.click();
};

// What the page itself can be searched for; where there is nothing, the orders.
const search = () => {
  const own = document.querySelector('main input[name="q"]');
  return own?.checkVisibility() ? own : document.querySelector("[data-search]");
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const help = document.getElementById("key-help");
  if (help.open) return;
  if (event.key === "/") {
    event.preventDefault();
    search().select();
  } else if (event.key === "?") {
    help.showModal();
  } else if (event.key.length === 1) {
    jump(event);
  }
});

// Moves that cannot be taken back ask once more; without script the form simply goes.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
