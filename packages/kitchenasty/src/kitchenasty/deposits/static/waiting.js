// Asks again after a while: the server asks the provider, and leads on as soon as it knows.
const place = document.querySelector("[data-again-seconds]");
setTimeout(() => location.replace(location.href), Number(place.dataset.againSeconds) * 1_000);
