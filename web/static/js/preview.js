// The author's preview: shows the new version as soon as the file is saved.
const known = document.body.dataset.stamp;

const frame = document.querySelector("iframe");
const kept = "preview-scroll";

// Where the author was looking, so that saving does not lead back to the top.
frame?.addEventListener("load", () => frame.contentWindow.scrollTo(0, Number(sessionStorage.getItem(kept) ?? 0)), {
  once: true,
});

setInterval(async () => {
  try {
    const answer = await fetch("/preview/stamp");
    if (answer.ok && (await answer.text()) !== known) {
      sessionStorage.setItem(kept, frame?.contentWindow.scrollY ?? 0);
      location.reload();
    }
  } catch {
    // The preview was ended, or is being started again.
  }
}, 700);

const choices = document.getElementById("choices");
choices.addEventListener("change", () => {
  sessionStorage.removeItem(kept);
  choices.requestSubmit();
});
