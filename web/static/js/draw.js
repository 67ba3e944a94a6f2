// Recomputes a published draw in this browser, from the result file alone; nothing is sent anywhere.
// The same steps as lotteries/verify.py, written a third time so that the three can disagree.

// -- SHA-256 (FIPS 180-4) and HMAC (RFC 2104) over Uint8Array; WebCrypto's promises are too slow for every ticket -----

const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);
(() => {
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
  for (let n = 2, found = 0; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    ROUNDS[found] = fraction(Math.cbrt(n));
    found += 1;
  }
})();
const schedule = new Uint32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function compress(state, bytes, at) {
  for (let t = 0; t < 16; t += 1, at += 4) {
    schedule[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let t = 16; t < 64; t += 1) {
    const x = schedule[t - 15];
    const y = schedule[t - 2];
    schedule[t] = schedule[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + schedule[t - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t] + schedule[t]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] += word; });
}

function sha256(...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array((((length + 8) >> 6) + 1) << 6);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  bytes[at] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, length * 8);
  new DataView(bytes.buffer).setUint32(bytes.length - 8, Math.floor(length / 2 ** 29));
  const state = START.slice();
  for (let block = 0; block < bytes.length; block += 64) compress(state, bytes, block);
  const digest = new Uint8Array(32);
  state.forEach((word, place) => new DataView(digest.buffer).setUint32(place * 4, word));
  return digest;
}

function hmac(key) {
  const padded = new Uint8Array(64);
  padded.set(key);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return (text) => sha256(outer, sha256(inner, text));
}

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// -- canonical JSON (RFC 8785: this language's own notation with sorted keys) and the tree (RFC 6962) -----------------

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const leaf = ({ lists, number, salt, unit, weight }) => sha256(LEAF, utf8(canonical({ lists, number, salt, unit, weight })));

function root(level) {
  if (level.length === 0) return sha256();
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      above.push(at + 1 < level.length ? sha256(NODE, level[at], level[at + 1]) : level[at]);
    }
    level = above;
  }
  return level[0];
}

// -- order and allocation ---------------------------------------------------------------------------------------------

function byUnit(result) {
  const keyed = hmac(unhex(result.seed));
  const units = new Map();
  for (const entry of result.entries) {
    let least = null;
    for (let ticket = 0; ticket < entry.weight; ticket += 1) {
      const key = hex(keyed(utf8(`${entry.number}|${ticket}`)));
      if (least === null || key < least) least = key;
    }
    if (!units.has(entry.unit)) units.set(entry.unit, []);
    units.get(entry.unit).push({ entry, key: least });
  }
  for (const members of units.values()) {
    members.sort((a, b) => compare(a.key, b.key) || compare(a.entry.number, b.entry.number));
  }
  return units;
}

function allocation(rules, unit, members) {
  const seats = rules.units[unit];
  const got = new Map();
  for (const { id, share } of rules.lists) {
    const [part, whole] = share.split("/").map(Number);
    let left = Math.floor((part * seats) / whole);
    for (const { entry } of members) {
      if (left > 0 && !got.has(entry.number) && entry.lists.includes(id)) {
        got.set(entry.number, ["won", id, null]);
        left -= 1;
      }
    }
  }
  for (const { entry } of members) {
    if (got.size < seats && !got.has(entry.number)) got.set(entry.number, ["won", "general", null]);
  }
  let place = 0;
  for (const { entry } of members) {
    if (got.has(entry.number)) continue;
    place += 1;
    got.set(entry.number, place <= rules.waiting ? ["waiting", null, place] : ["lost", null, null]);
  }
  return got;
}

// -- the checks, by the names the page gives them -------------------------------------------------------------------

const PARTS = ["commitment", "draw", "entries", "format", "pool", "randomness", "rules", "rules_sha256", "seed"];
const ENTRY = ["lists", "number", "rank", "result", "salt", "unit", "via", "waiting", "weight"];
const has = (thing, keys) => Object.keys(thing).sort().join() === keys.join();

const CHECKS = {
  format: ({ result }) =>
    result.format === "madoguchi-lottery/1" &&
    has(result, PARTS) &&
    result.entries.every((entry) => has(entry, ENTRY) && /^[0-9]+$/.test(entry.number)),
  rules: ({ result }) => hex(sha256(utf8(canonical(result.rules)))) === result.rules_sha256,
  pool: ({ result }) => {
    const entries = [...result.entries].sort((a, b) => compare(a.number, b.number));
    const tickets = entries.reduce((sum, entry) => sum + entry.weight, 0);
    return (
      new Set(entries.map((entry) => entry.number)).size === entries.length &&
      entries.every((entry) => Number.isInteger(entry.weight) && entry.weight > 0 && entry.weight <= 10000) &&
      entries.length === result.pool.entries &&
      tickets === result.pool.tickets &&
      hex(root(entries.map(leaf))) === result.pool.root
    );
  },
  witnesses: ({ result }) => {
    const { witnesses, beacon, round } = result.randomness;
    const revealed = witnesses.filter((witness) => witness.revealed !== null);
    return (
      beacon === "witnesses" &&
      result.commitment.beacon === beacon &&
      result.commitment.round === round &&
      canonical(result.rules.witnesses ?? witnesses.map(({ name }) => name)) === canonical(witnesses.map(({ name }) => name)) &&
      revealed.length >= (result.rules.least_witnesses ?? 1) &&
      (revealed.length === witnesses.length || result.rules.unrevealed === "struck") &&
      revealed.every((witness) => hex(sha256(unhex(witness.revealed))) === witness.commitment)
    );
  },
  seed: ({ result }) => {
    const { witnesses, round, value } = result.randomness;
    const values = witnesses.filter((witness) => witness.revealed !== null).map((witness) => unhex(witness.revealed));
    const parts = [unhex(result.rules_sha256), unhex(result.pool.root), sha256(utf8(round)), unhex(value)];
    return hex(sha256(...values)) === value && hex(sha256(utf8("madoguchi/lottery/1"), ...parts)) === result.seed;
  },
  ranks: ({ units }) =>
    [...units.values()].every((members) => members.every(({ entry }, place) => entry.rank === place + 1)),
  results: ({ result, units }) =>
    [...units].every(([unit, members]) => {
      const got = allocation(result.rules, unit, members);
      return members.every(({ entry }) => {
        const [outcome, via, waiting] = got.get(entry.number);
        return entry.result === outcome && entry.via === via && entry.waiting === waiting;
      });
    }),
};

function holds(check, facts) {
  try {
    return check(facts);
  } catch {
    return false;
  }
}

// -- the page ---------------------------------------------------------------------------------------------------------

const section = document.querySelector("[data-draw-check]");

function show(text) {
  const facts = {};
  try {
    facts.result = JSON.parse(text);
    facts.units = CHECKS.pool(facts) ? byUnit(facts.result) : undefined;
  } catch {
    facts.units = undefined;
  }
  let good = true;
  for (const item of section.querySelectorAll("[data-check]")) {
    const held = holds(CHECKS[item.dataset.check], facts);
    good &&= held;
    const mark = item.querySelector("strong");
    mark.textContent = held ? section.dataset.holds : section.dataset.fails;
    mark.className = held ? "tag tag--good" : "tag tag--bad";
  }
  section.querySelector("[data-checks]").hidden = false;
  const verdict = section.querySelector("[role=status]");
  verdict.textContent = good ? section.dataset.good : section.dataset.bad;
  verdict.dataset.verdict = good ? "good" : "bad";
}

if (section) {
  section.hidden = false;
  section.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) show(await file.text());
  });
  section.querySelector("[data-source]")?.addEventListener("click", async (event) => {
    const answer = await fetch(event.target.dataset.source);
    show(await answer.text());
  });
}
