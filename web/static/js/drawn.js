// A pad to sign on: strokes become the path data of an SVG of 600 by 200, kept in the hidden input beside it.
// Without this script the pad is not shown, and the typed name stands alone.

const WIDTH = 600;
const HEIGHT = 200;
const APART = 3;
const LONGEST = 11_900; // the server takes 12,000 characters

customElements.define("signature-pad", class extends HTMLElement {
  connectedCallback() {
    if (this.sheet) return;
    this.sheet = this.querySelector("svg");
    this.sheet.addEventListener("pointerdown", (event) => this.begin(event));
    this.sheet.addEventListener("pointermove", (event) => this.go(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.sheet.addEventListener(end, () => this.end());
    }
    this.querySelector("button").addEventListener("click", () => {
      this.keep("");
      this.tell();
    });
  }

  get path() {
    return this.querySelector("input").value;
  }

  keep(path) {
    this.querySelector("input").value = path;
    this.querySelector("path").setAttribute("d", path);
  }

  begin(event) {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.sheet.setPointerCapture(event.pointerId);
    this.last = this.place(event);
    this.started = false;
  }

  go(event) {
    if (!this.last || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.draw(this.place(each));
  }

  draw(point) {
    const [x, y] = this.last;
    if (Math.hypot(point[0] - x, point[1] - y) < APART || this.path.length > LONGEST) return;
    this.keep(`${this.path}${this.started ? "" : `M${x} ${y}`}L${point[0]} ${point[1]}`);
    this.started = true;
    this.last = point;
  }

  end() {
    if (this.last && this.started) this.tell();
    this.last = null;
  }

  // Nobody types into a hidden input, so nothing else says that it changed.
  tell() {
    this.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
  }

  place(event) {
    const box = this.sheet.getBoundingClientRect();
    const within = (value, limit) => Math.round(Math.min(Math.max(value, 0), 1) * limit);
    return [
      within((event.clientX - box.left) / box.width, WIDTH),
      within((event.clientY - box.top) / box.height, HEIGHT),
    ];
  }
});
