// Small comforts for every page. Nothing here is needed: without script each form still posts.
document.documentElement.classList.add("scripted");

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  target?.closest("[data-dismiss]")?.closest(".notice")?.remove();
  const asking = target?.closest("[data-confirm]");
  if (asking && !window.confirm(asking.dataset.confirm)) event.preventDefault();
  if (target?.closest("[data-print]")) window.print();
});

// A double click must not post twice. The button is disabled after the browser has read its value.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = event.submitter;
  setTimeout(() => {
    button?.setAttribute("data-busy", "");
    button?.setAttribute("aria-disabled", "true");
  });
});

// Coming back by the browser's button finds the form usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-busy]")) {
      button.removeAttribute("data-busy");
      button.removeAttribute("aria-disabled");
    }
  }
});

// Quantities and filters send themselves once a person pauses.
let pause;
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLElement) || !field.matches("[data-auto-submit]") || !field.form) return;
  if (!field.form.checkValidity()) {
    field.form.reportValidity();
    return;
  }
  clearTimeout(pause);
  pause = setTimeout(() => field.form.requestSubmit(), field.tagName === "SELECT" ? 0 : 350);
});

document.querySelector("[data-focus]")?.focus();
