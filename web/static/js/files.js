// A file above the limit of its question is let go of before anything is sent, and the question says so. The server
// judges all files once more; without this script it is the only one.

const limited = "input[type=file][data-most]";

// Before anybody else hears of the choice, so that nothing sends the file along.
document.addEventListener("change", ({ target }) => {
  if (target.matches(limited)) choose(target);
}, { capture: true });

function choose(input) {
  const files = [...input.files];
  const large = files.filter(({ size }) => size > Number(input.dataset.most));
  const said = document.getElementById(`${input.id}-large`);
  const question = input.closest(".field");
  const wrong = question.querySelector(".error-message:not([role])"); // what the server said
  said.replaceChildren();
  if (!wrong) question.classList.toggle("field--error", large.length > 0);
  input.setAttribute("aria-describedby", [...described(input, said), ...(large.length ? [said.id] : [])].join(" "));
  if (large.length) {
    input.setAttribute("aria-invalid", "true");
    keep(input, files.filter((file) => !large.includes(file)));
    setTimeout(() => said.append(...large.map(({ name }) => problem(input, name))));
  } else if (!wrong) input.removeAttribute("aria-invalid");
}

function described(input, said) {
  return (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== said.id);
}

function keep(input, files) {
  const rest = new DataTransfer();
  for (const file of files) rest.items.add(file);
  input.files = rest.files;
}

function problem(input, name) {
  const line = input.parentElement.querySelector("template[data-large]").content.firstElementChild.cloneNode(true);
  line.querySelector("bdi").textContent = name;
  return line;
}
