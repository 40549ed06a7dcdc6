// Follows one place in the line, whoever changed something: the house or a table that is free.
import { followPage } from "/static/js/same_page.js";

const now = () => document.getElementById("waiting-now");

function show(fresh) {
  const hadFocus = now().contains(document.activeElement);
  const said = now().querySelector("[role=status]").textContent;
  now().replaceWith(fresh);
  if (hadFocus) document.getElementById("content").focus();
  // A status that comes with its words already in it is not read out: write them once more.
  const status = fresh.querySelector("[role=status] strong");
  const words = status.textContent;
  if (words !== said.trim()) {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = words; });
  }
}

followPage({
  topic: `waiting:${now().dataset.waiting}`,
  address: () => location.pathname.replace(/\/(accept|leave)$/, ""),
  holder: now,
  show,
});
