// Keeps what is typed while it is typed, and sends the pages of a form so that a bad line loses nothing: what cannot be
// sent stays on the page, is tried again, and goes out when the line is back. No answer is stored in the browser.

const AFTER_TYPING = 1_500;
const PAUSES = [2_000, 5_000, 10_000, 20_000, 30_000];
const PATIENCE = 30_000; // without a sign of life; a slow upload that moves is left alone
const KNOWN_TROUBLE = 3; // how often an error of the server itself is tried again
const LEFT = "left-in-the-middle"; // the address of the page that was left before what stood there was kept

let form;
let panel;
let dirty = false;
let kept = true; // whether the last try to keep what is typed worked
let renewed = false; // whether it brought a fresh token: a browser that keeps no cookie gets one each time
let safe = true; // whether everything that stands on the page is known to have come in
let keeping = null;
let timer = 0;

const VISIT = Math.random().toString(36).slice(2, 10);
let turn = 0;

function begin() {
  form = document.querySelector("form[data-send]");
  panel = form?.querySelector(".sending");
  dirty = false;
  safe = true;
  count();
}

// The server may take what is sent while somebody types in another order: the number says which state is the newer.
function count() {
  const input = form?.elements["page:turn"];
  if (input) input.value = `${VISIT}-${(turn += 1)}`;
}

function text(name) {
  return panel.querySelector(`template[data-says=${name}]`).content.cloneNode(true);
}

function say(what, again = false, important = again) {
  const appears = panel.hidden;
  panel.hidden = !what;
  panel.querySelector("[role=status]").replaceChildren(what);
  panel.querySelector("button").hidden = !again;
  for (const kind of ["notice", "notice--warning"]) panel.classList.toggle(kind, important);
  if (again && appears) panel.scrollIntoView({ block: "nearest" }); // the pressed button may be the last thing in sight
}

function post(url, body, moved = () => {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let waiting;
    const alive = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => request.abort(), PATIENCE);
    };
    request.open("POST", url);
    request.setRequestHeader("X-Sent-By", "page");
    request.upload.addEventListener("progress", (event) => { alive(); moved(event); });
    request.addEventListener("progress", alive);
    request.addEventListener("load", () => resolve(request));
    for (const end of ["error", "abort"]) request.addEventListener(end, reject);
    request.addEventListener("loadend", () => clearTimeout(waiting));
    alive();
    request.send(body);
  });
}

// -- keeping ----------------------------------------------------------------------------------------------------------

function typed() {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.set("do", "keep");
  return body;
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

async function keep() {
  if (!dirty || keeping || form.dataset.sent) return;
  dirty = false;
  try {
    keeping = post(form.dataset.keep, typed());
    const answer = await keeping;
    if (answer.status === 409 && !form.dataset.sent) say(said(read(answer)), false, true); // sent from another tab
    if (answer.status >= 500) throw new Error("not kept");
    const fresh = renew(answer);
    if (fresh && !renewed) dirty = true;
    else if (answer.status === 204) {
      kept = true;
      safe = !dirty;
      const elsewhere = answer.getResponseHeader("X-Elsewhere");
      if (!form.dataset.sent) say(text(elsewhere ? "elsewhere" : "saved"), false, Boolean(elsewhere));
    } else if (answer.status !== 409) {
      kept = false;
      if (!form.dataset.sent) say(text("unsaved"), false, true);
    }
    renewed = fresh;
  } catch {
    kept = false;
    dirty = true;
    if (!form.dataset.sent) say(text("offline"), false, true);
  }
  keeping = null;
  if (dirty) later(kept ? AFTER_TYPING : PAUSES[1]);
}

for (const change of ["input", "change"]) {
  document.addEventListener(change, count, { capture: true }); // before the page is asked for what follows of it
  document.addEventListener(change, ({ target }) => {
    if (form?.dataset.keep && target.form === form && target.type !== "file") changed();
  });
}

function changed() {
  dirty = true;
  safe = false;
  later(AFTER_TYPING);
}

// What is on its way when a page is left never arrives, so it is sent once more, in a way that outlives the page.
// Without a line nothing goes out, though the browser says so: then it stays to be kept later.
function leave() {
  if (safe || !reaches() || !form?.dataset.keep || !navigator.sendBeacon(form.dataset.keep, typed())) return;
  dirty = false;
  safe = true;
  sessionStorage.setItem(LEFT, location.pathname);
}

function comeBack() {
  if (!form?.dataset.keep || sessionStorage.getItem(LEFT) !== location.pathname) return;
  sessionStorage.removeItem(LEFT);
  dirty = true; // nobody said whether it came in
  later(0);
}

document.addEventListener("visibilitychange", () => (document.hidden ? leave() : comeBack()));
addEventListener("pagehide", leave);

// Whether what is sent now would come in, as far as anybody can know.
function reaches() {
  return kept && navigator.onLine;
}

addEventListener("online", () => { if (dirty) later(0); });
addEventListener("offline", () => { if (dirty) later(0); }); // says so at once, not only when the typing pauses

addEventListener("beforeunload", (event) => {
  if ((dirty && !kept) || (form?.dataset.keep && !safe && !reaches())) event.preventDefault();
  else leave();
});

// Whoever reloads in the middle of a word gets a page that was made before the word came in: fetch it once more, until
// something came in or it is clear that nothing new will.
async function catchUp() {
  if (!form?.dataset.keep || sessionStorage.getItem(LEFT) !== location.pathname) return;
  sessionStorage.removeItem(LEFT);
  form.inert = true; // what is typed into it would be lost
  try {
    for (const rest of [0, 200, 500, 1_000]) {
      await new Promise((resolve) => setTimeout(resolve, rest));
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || answer.url !== location.href || !page.querySelector("form[data-send]")) break;
      if (made(page) === made(document)) continue;
      show(page);
      break;
    }
  } catch {
    // No line: the page stays as it came.
  }
  form.inert = false;
}

// What the server put into a form, whatever was typed or drawn since.
function made(page) {
  return [...page.querySelector("form[data-send]").elements]
    .filter(({ name }) => !["csrf_token", "page:proof", "page:turn", "page:shown"].includes(name))
    .map((one) => [one.name, one.defaultValue, one.defaultChecked, [...(one.options ?? [])].map((o) => o.defaultSelected)])
    .join("\n");
}

// -- sending ----------------------------------------------------------------------------------------------------------

function body(button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  if (form.getAttribute("enctype")) return data;
  return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
}

function size() {
  return [...form.querySelectorAll("input[type=file]")]
    .flatMap((input) => [...input.files])
    .reduce((sum, file) => sum + file.size, 0);
}

function moved(event) {
  const bar = panel.querySelector("progress");
  if (!size() || !event.lengthComputable) return;
  if (panel.hidden) say(text("sending"));
  bar.hidden = false;
  bar.value = (100 * event.loaded) / event.total;
}

function pause(length) {
  return new Promise((resolve) => {
    const button = panel.querySelector("button");
    const go = () => {
      clearTimeout(clock);
      removeEventListener("online", go);
      button.removeEventListener("click", go);
      resolve();
    };
    const clock = setTimeout(go, length);
    addEventListener("online", go);
    button.addEventListener("click", go);
  });
}

async function send(button) {
  clearTimeout(timer);
  dirty = false;
  safe = false;
  if (size() > Number(panel.dataset.most)) return refuse(text("large"));
  await keeping?.catch(() => {}); // an older state must not come in after a newer one
  dirty = false;
  count();
  let renewed = false;
  for (let tries = 0; ; tries += 1) {
    let answer = null;
    try {
      answer = await post(form.getAttribute("action") || location.href, body(button), moved);
      if (!renewed && renew(answer)) {
        renewed = true;
        continue;
      }
      if (answer.status < 500 || (answer.status === 500 && tries >= KNOWN_TROUBLE)) return take(answer, button);
    } catch {
      // No line: what was typed is still on the page.
    }
    dirty = true;
    kept = false;
    say(text(answer ? "trouble" : "waiting"), true);
    panel.querySelector("button").removeAttribute("aria-disabled");
    form.dataset.waiting = "1";
    await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    delete form.dataset.waiting;
    dirty = false;
  }
}

function renew(answer) {
  if (answer.getResponseHeader("X-Token") !== "renewed") return false;
  const page = read(answer);
  form.querySelector("[name=csrf_token]").value = page.querySelector("form[data-send] [name=csrf_token]").value;
  return true;
}

function read(answer) {
  return new DOMParser().parseFromString(answer.responseText, "text/html");
}

function take(answer, button) {
  dirty = false;
  kept = true;
  safe = true;
  const target = answer.getResponseHeader("X-Go-To");
  if (target) {
    location.assign(target);
    return;
  }
  const page = read(answer);
  if (page.querySelector("#page-form")) show(page, button); // the sign-in, too, which is sent without this script
  else refuse(said(page));
}

// What a page that is no form says, with the way on from it.
function said(page) {
  const what = document.createDocumentFragment();
  what.append([...page.querySelectorAll("main h1, main h1 + p")].map((part) => part.textContent.trim()).join(" – "));
  const onward = page.querySelector("main a[data-onward]");
  if (onward) {
    onward.className = "";
    what.append(" ", document.adoptNode(onward));
  }
  return what;
}

function refuse(what) {
  delete form.dataset.sent;
  for (const one of document.querySelectorAll("button[aria-disabled]")) one.removeAttribute("aria-disabled");
  panel.querySelector("progress").hidden = true;
  say(what, false, true);
  panel.scrollIntoView({ block: "center" });
}

function show(page, button) {
  const main = page.querySelector("main");
  document.title = page.title;
  if (button?.value.startsWith("lang:")) { // what stands around the content is in another language, too
    const { lang, dir } = page.documentElement;
    Object.assign(document.documentElement, { lang, dir });
    document.body.replaceChildren(...page.body.children);
  } else document.querySelector("main").replaceWith(main);
  for (const { src } of main.querySelectorAll("script[src]")) {
    const script = document.createElement("script");
    script.type = "module";
    script.src = src;
    document.head.append(script);
  }
  globalThis.htmx?.process(main);
  begin();
  announce(main);
  const pressed = [...main.querySelectorAll("button[name=do]")].find(({ value }) => value === button?.value);
  const summary = main.querySelector(".error-summary") ?? main.querySelector(".elsewhere");
  if (summary) summary.focus();
  else if (toRow(button?.value ?? "")) return;
  else if (pressed && pressed.tabIndex >= 0) pressed.focus({ preventScroll: true });
  else main.focus();
}

// After a row was added people go on in it; after one was removed, at the one before, or at the list. It is said, too.
function toRow(pressed) {
  const [verb, list, number] = pressed.split(":");
  const group = document.getElementById(list);
  const said = group?.querySelector(":scope > [data-removed]");
  if (!["add", "remove"].includes(verb) || !said) return false;
  const rows = [...group.querySelectorAll(":scope > .row-group")];
  const before = rows.filter(({ id }) => Number(id.slice(list.length + 1)) < Number(number)).at(-1);
  const input = rows.at(-1)?.querySelector("input:not([type=hidden]), select, textarea");
  (verb === "add" ? input : before ?? group)?.focus();
  setTimeout(() => { said.textContent = verb === "add" ? said.dataset.added : said.dataset.removed; }, 100);
  return true;
}

// What stands in a page when it comes is not read out by itself, only what comes into it later.
function announce(main) {
  for (const said of main.querySelectorAll(".found")) {
    const parts = [...said.childNodes]; // with the readings above its kanji
    said.replaceChildren();
    if (parts.length) setTimeout(() => said.replaceChildren(...parts), 100);
  }
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target !== form) return;
  event.preventDefault();
  send(event.submitter);
});

// On a slow line people type before this script has come.
function early({ type, options, value, defaultValue, checked, defaultChecked }) {
  if (["radio", "checkbox"].includes(type)) return checked !== defaultChecked;
  if (!options) return !["file", "submit", "button"].includes(type) && value !== defaultValue;
  const first = [...options].find((option) => option.defaultSelected) ?? options[0];
  return value !== first?.value;
}

begin();
const [arrival] = performance.getEntriesByType("navigation");
if (form?.dataset.keep && arrival?.type !== "back_forward" && [...form.elements].some(early)) changed();
catchUp();
