// A button that asks the device where it is and fills in latitude and longitude. Nothing is sent by it.
// Without this script, or where the browser knows no places, the button is not shown.

const OPTIONS = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

if ("geolocation" in navigator) {
  customElements.define("locate-me", class extends HTMLElement {
    connectedCallback() {
      if (this.said) return;
      this.said = this.querySelector("[role=status]");
      this.querySelector("button").addEventListener("click", () => this.ask());
    }

    ask() {
      this.said.textContent = "";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.fill(coords),
        () => { this.said.textContent = this.said.dataset.failed; },
        OPTIONS,
      );
    }

    fill(coords) {
      for (const part of ["latitude", "longitude"]) {
        const input = document.getElementById(this.dataset[part]);
        input.value = coords[part].toFixed(6);
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  });
}
