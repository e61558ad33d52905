// Back office lists: choose all rows of the page at once. Bulk actions themselves need no script.
for (const form of document.querySelectorAll("[data-bulk]")) {
  const holder = form.querySelector("[data-choose-all]");
  const all = holder?.querySelector("input");
  const ticks = [...form.querySelectorAll(".tick")];
  if (!all || ticks.length === 0) continue;
  holder.hidden = false;
  const refresh = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    all.checked = count === ticks.length;
    all.indeterminate = count > 0 && count < ticks.length;
  };
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
  });
  form.addEventListener("change", refresh);
  refresh();
}
