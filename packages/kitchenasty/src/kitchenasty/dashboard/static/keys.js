// Keys of the office: two-letter jumps named by the links themselves, "/" to search, "?" for help.
const JUMP_MILLISECONDS = 1200;
let started = "";
let startedAt = 0;

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const jump = (event) => {
  const isSoonEnough = event.timeStamp - startedAt < JUMP_MILLISECONDS;
  const keys = started && isSoonEnough ? `${started} ${event.key}` : event.key;
  const link = document.querySelector(`a[data-keys="${CSS.escape(keys)}"]`);
  started = link ? "" : event.key;
  startedAt = event.timeStamp;
  if (link) link.click();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const help = document.getElementById("key-help");
  if (help.open) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-search]").select();
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

// On a phone the navigation is one line that moves sideways: begin where we are.
document.querySelector(".side [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
