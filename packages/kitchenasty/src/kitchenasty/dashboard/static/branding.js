// The look beside the branding form follows what is typed and chosen, before it is saved.
// The server reckons what a colour becomes, so that what is seen here is what guests will see.

const form = document.querySelector("[data-branding]");
const looks = [...form.querySelectorAll("[data-look]")];
const own = form.elements.own;
let asked = 0;

function chosen() {
  return form.querySelector("[name=theme]:checked");
}

async function toneOf(colour) {
  const answer = await fetch(`/admin/site/branding/tone.json?colour=${encodeURIComponent(colour)}`);
  return answer.ok ? answer.json() : null;
}

async function show() {
  const theme = chosen();
  if (!own.checked) {
    form.elements.primary.value = theme.dataset.first;
    form.elements.secondary.value = theme.dataset.second;
  }
  const turn = ++asked;
  const [first, second] = await Promise.all([toneOf(form.elements.primary.value), toneOf(form.elements.secondary.value)]);
  if (turn !== asked || !first || !second) return; // a later choice is on its way, or the house is away
  for (const look of looks) {
    look.dataset.theme = theme.value;
    look.style.setProperty("--hue", first.hue);
    look.style.setProperty("--chroma", first.chroma);
    look.style.setProperty("--hue-2", second.hue);
    look.style.setProperty("--chroma-2", second.chroma);
  }
  for (const [key, ratio] of Object.entries(first.contrasts)) {
    form.querySelector(`[data-contrast="${key}"]`).textContent = ratio;
  }
  form.dataset.shown = String(turn);
}

form.addEventListener("input", (event) => {
  const { name, value, type } = event.target;
  if (name === "name") {
    const usual = looks[0].dataset.usual ?? "";
    for (const place of form.querySelectorAll("[data-look-name]")) place.textContent = value || usual;
  } else if (type === "color" || name === "theme" || name === "own") {
    if (type === "color") own.checked = true;
    show();
  }
});
