// Suggestions under the search field: a combobox after the ARIA pattern. Without script the form searches.
const input = document.querySelector("[data-suggest]");
const list = document.createElement("div");
let items = [];
let chosen = -1;
let waiting;
let running;

const words = (item) => (typeof item === "string" ? item : item.text ?? item.title ?? "");

function close() {
  list.hidden = true;
  chosen = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  chosen = (index + items.length) % items.length;
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  input.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
}

function follow(index) {
  const item = items[index];
  const path = item.path ?? item.url ?? (item.handle && `/products/${encodeURIComponent(item.handle)}`);
  if (typeof path === "string" && path.startsWith("/")) {
    location.assign(path);
    return;
  }
  input.value = words(item);
  input.form.requestSubmit();
}

function show(found) {
  items = found.filter((item) => words(item)).slice(0, 8);
  list.replaceChildren(
    ...items.map((item, index) => {
      const row = document.createElement("div");
      row.id = `suggestion-${index}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = words(item);
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => follow(index));
      return row;
    }),
  );
  chosen = -1;
  list.hidden = items.length === 0;
  input.setAttribute("aria-expanded", String(items.length > 0));
  input.removeAttribute("aria-activedescendant");
}

async function ask() {
  const text = input.value.trim();
  running?.abort();
  if (text.length < 2) {
    close();
    return;
  }
  running = new AbortController();
  try {
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: running.signal });
    if (answer.ok && document.activeElement === input) show((await answer.json()).items ?? []);
  } catch (error) {
    if (error.name !== "AbortError") close(); // suggestions are a comfort: searching goes on without them
  }
}

if (input) {
  list.className = "suggestions";
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  input.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 140);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (chosen < 0) choose(event.key === "ArrowDown" ? 0 : items.length - 1);
      else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      follow(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}
