// The author's preview: shows the new version as soon as the file is saved.
const known = document.body.dataset.stamp;

setInterval(async () => {
  try {
    const answer = await fetch("/preview/stamp");
    if (answer.ok && (await answer.text()) !== known) location.reload();
  } catch {
    // The preview was ended, or is being started again.
  }
}, 700);

const choices = document.getElementById("choices");
choices.addEventListener("change", () => choices.requestSubmit());
