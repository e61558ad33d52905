// The product page: price, stock and picture follow the chosen options; the thumbnails move the gallery.
// Variants come from <script type="application/json" id="variants">: data, which a strict CSP lets stand.
// Each: {options: [..], price: "text", compareAt: "text"|null, stock: "text", level: "good|low|out|later", picture: n|null}
const data = document.getElementById("variants");
const form = document.querySelector("[data-variant-form]");

function chosenOptions() {
  return [...form.querySelectorAll(".options fieldset")].map((group) => group.querySelector(":checked")?.value);
}

function fits(variant, options) {
  return options.every((value, index) => value === undefined || variant.options[index] === value);
}

function markGone(variants) {
  const options = chosenOptions();
  form.querySelectorAll(".options fieldset").forEach((group, position) => {
    for (const radio of group.querySelectorAll("input")) {
      const wish = options.with(position, radio.value);
      const reachable = variants.some((variant) => variant.level !== "out" && fits(variant, wish));
      radio.closest(".option-value").toggleAttribute("data-gone", !reachable);
    }
  });
}

function showPicture(number) {
  const target = number && document.getElementById(`picture-${number}`);
  target?.parentElement.scrollTo({ left: target.offsetLeft - target.parentElement.offsetLeft });
}

function setText(selector, text) {
  const place = document.querySelector(selector);
  if (!place) return;
  place.textContent = text ?? "";
  place.hidden = !text;
}

function update(variants) {
  markGone(variants);
  const variant = variants.find((one) => fits(one, chosenOptions()));
  const add = form.querySelector("[data-add]");
  if (add) add.disabled = !variant || variant.level === "out";
  if (!variant) return;
  setText("[data-price]", variant.price);
  setText("[data-compare-at]", variant.compareAt);
  document.querySelector("[data-was]")?.toggleAttribute("hidden", !variant.compareAt);
  document.querySelector("[data-live-price]")?.toggleAttribute("data-sale", Boolean(variant.compareAt));
  setText("[data-stock-text]", variant.stock);
  document.querySelector("[data-stock]")?.setAttribute("data-level", variant.level);
  showPicture(variant.picture);
}

if (data && form) {
  const variants = JSON.parse(data.textContent);
  form.addEventListener("change", (event) => event.target.closest(".options") && update(variants));
  // A browser that comes back may have kept another choice than the page was made with.
  window.addEventListener("pageshow", () => update(variants));
}

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const links = [...gallery.querySelectorAll(".gallery-thumbs a")];
  const mark = (id) => links.forEach((link) => link.setAttribute("aria-current", String(link.hash === `#${id}`)));
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      showPicture(link.hash.replace("#picture-", ""));
    });
  }
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(entry.target.id)),
    { root: gallery.querySelector(".gallery-main"), threshold: 0.6 },
  );
  gallery.querySelectorAll(".gallery-main > [id]").forEach((picture) => seen.observe(picture));
}
