// What a page gains from JavaScript beside htmx: nothing here is needed to get through.

// A second press of the same button sends nothing: the first is on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

// Coming back by the browser's button finds the form usable again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// A worker keeps the page that is shown without a connection, in the language of the page that was open last.
async function prepare(worker) {
  try {
    await navigator.serviceWorker.register(worker);
    (await navigator.serviceWorker.ready).active.postMessage(document.documentElement.lang);
  } catch {
    // Old browsers, private windows and previews have no workers: they show a page of their own then.
  }
}

const { worker } = document.currentScript.dataset;
if (worker) addEventListener("load", () => prepare(worker));

const summary = document.querySelector(".error-summary");
if (summary) summary.focus();
