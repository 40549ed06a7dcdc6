// Answering at the top of a page keeps the page, and what was typed on it. Without script the form
// is sent and the page comes again.
const banner = document.querySelector("[data-cookies]");

async function send(event) {
  const pressed = event.submitter;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, pressed));
  const title = banner.querySelector("h2");
  const answered = await fetch(event.target.action, {
    method: "POST",
    body,
    headers: { accept: "application/json" },
  }).catch(() => null);
  if (answered?.status === 409) {
    location.assign("/cookies");
    return;
  }
  if (!answered?.ok) {
    title.textContent = banner.dataset.trouble;
    title.focus();
    return;
  }
  const form = banner.querySelector("form");
  form.replaceChildren(title);
  title.textContent = banner.dataset.thanks;
  title.focus();
}

banner?.addEventListener("submit", send);
