// The checkout: shipping and total follow the address. Without script the button "Update" does the same.
const form = document.querySelector("[data-checkout]");
const PARTS = ["ship-address", "shipping-ways", "checkout-summary"];
const ASKED_AGAIN = /^(ship_(country|region|postal_code)|bill_country|shipping_method)$/;
let running;
let pause;

function keepValues(part, fresh) {
  for (const field of part.querySelectorAll("input, select")) {
    const twin = field.id && fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (twin) twin.value = field.value;
  }
}

function show(page) {
  const focused = document.activeElement;
  const name = focused?.name;
  const value = focused?.type === "radio" ? focused.value : null;
  for (const id of PARTS) {
    const part = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!part || !fresh) return;
    if (id === "ship-address") keepValues(part, fresh);
    const open = part.querySelector("details")?.open;
    part.replaceWith(fresh);
    if (open) fresh.querySelector("details").open = true;
  }
  const promise = document.querySelector(".place p");
  const told = page.querySelector(".place p");
  if (promise && told) promise.textContent = told.textContent;
  if (!name || document.contains(focused)) return;
  const back = [...form.elements].find((one) => one.name === name && (value === null || one.value === value));
  back?.focus({ preventScroll: true });
}

async function ask() {
  running?.abort();
  running = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "update");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
    if (!answer.ok || answer.redirected) return; // placing the order will say what is the matter
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // Asked anew meanwhile, or no network: placing the order will say what is the matter.
  }
}

form?.addEventListener("change", (event) => {
  if (!ASKED_AGAIN.test(event.target.name)) return;
  clearTimeout(pause);
  pause = setTimeout(ask, 120);
});
