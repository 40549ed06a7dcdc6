// Turns the screws of the matcher while they are moved: the API answers, the page shows.
const form = document.getElementById("screws");
const GATHER_MS = 150;

const amount = (number) => new Intl.NumberFormat("en").format(number).replace("-", "−");
const shareOf = (points) => `${points / 100} %`;

function cell(name, words, kind = "") {
  const made = document.createElement(name);
  made.textContent = words;
  made.className = kind;
  return made;
}

function who(key) {
  const head = document.createElement("th");
  head.scope = "row";
  const link = document.createElement("a");
  Object.assign(link, { href: `/agents/${key}`, className: "name", title: key, textContent: `${key.slice(0, 5)}…${key.slice(-4)}` });
  head.append(link);
  return head;
}

function rowOf(leg) {
  const row = document.createElement("tr");
  const score = (leg.score / 10_000).toFixed(3).replace(/0+$/, "").replace(/\.$/, ".0");
  row.append(cell("td", leg.number + 1, "number"), who(leg.agent), cell("td", score, "number"), cell("td", amount(leg.cost), "number"), cell("td", amount(leg.pay), "number"));
  return row;
}

function show(told) {
  const words = told.is_as_awarded ? "The same chain as was awarded." : told.legs.length ? "Another chain than was awarded." : "No chain covers the way.";
  document.getElementById("tried-words").textContent = words;
  document.getElementById("tried-legs").replaceChildren(...told.legs.map(rowOf));
  document.getElementById("tried-paid").textContent = amount(told.paid);
  document.getElementById("tried-back").textContent = amount(told.back);
}

let turn = 0;
async function attempt() {
  turn += 1;
  const mine = turn;
  await new Promise((done) => setTimeout(done, GATHER_MS));
  if (mine !== turn) return;
  const { job, ...screws } = Object.fromEntries(new FormData(form));
  const answer = await fetch(`/api/jobs/${job}/simulation?${new URLSearchParams(screws)}`);
  const told = await answer.json();
  // The last one that was asked for is the one that is shown.
  if (mine !== turn) return;
  if (answer.ok) show(told);
  else document.getElementById("tried-words").textContent = told.error;
}

if (form && document.getElementById("tried-words")) {
  document.getElementById("try-button").hidden = true;
  form.addEventListener("input", (event) => {
    if (event.target.type === "range") event.target.nextElementSibling.value = shareOf(event.target.value);
    attempt();
  });
}
