/* The entry grid: arrows between cells, pasted blocks, swapped numbers. Works without it too. */
(() => {
  "use strict";
  const cells = (row) => [...row.querySelectorAll("[data-cell]")];
  const rows = (grid) => [...grid.querySelectorAll("[data-row]")].filter((row) => cells(row).length);
  const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));
  const say = (text) => {
    const place = document.querySelector("#announcer");
    if (place) place.textContent = text;
    const seen = document.querySelector("[data-grid-said]");
    if (seen) { seen.textContent = text; seen.hidden = !text; }
  };

  const place = (input) => {
    const all = rows(input.closest("[data-grid]"));
    const row = input.closest("[data-row]");
    return { all, at: all.indexOf(row), column: cells(row).indexOf(input) };
  };

  const enter = (input) => {
    input.focus();
    input.select();
    return true;
  };

  const down = (input, step) => {
    const { all, at, column } = place(input);
    const next = all[at + step];
    return next ? enter(cells(next)[Math.min(column, cells(next).length - 1)]) : false;
  };

  const along = (input, step) => {
    const all = rows(input.closest("[data-grid]")).flatMap(cells);
    const next = all[all.indexOf(input) + step];
    return next ? enter(next) : false;
  };

  /* Left and right leave a cell only from its edge, or while all of it is marked. */
  const atEdge = (input, step) => {
    const { selectionStart: from, selectionEnd: to, value } = input;
    if (from === 0 && to === value.length) return true;
    return from === to && (step < 0 ? from === 0 : to === value.length);
  };

  document.addEventListener("focusin", (event) => {
    const input = event.target.closest?.("[data-cell]");
    if (input) input.dataset.was = input.value;
  });

  document.addEventListener("keydown", (event) => {
    const input = event.target.closest?.("[data-cell]");
    if (!input || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") {
      input.value = input.dataset.was ?? input.value;
      input.select();
    } else if (step) {
      if (down(input, event.shiftKey && event.key === "Enter" ? -1 : step) || event.key === "Enter") event.preventDefault();
    } else if (side && !event.shiftKey && atEdge(input, side) && along(input, side)) {
      event.preventDefault();
    }
  });

  document.addEventListener("paste", (event) => {
    const input = event.target.closest?.("[data-cell]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { all, at, column } = place(input);
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    let filled = 0;
    let over = 0;
    lines.forEach((line, number) => {
      const boxes = all[at + number] ? cells(all[at + number]) : [];
      let last = null;
      line.split("\t").forEach((value, right) => {
        const box = boxes[column + right];
        if (!box) {
          over += value.trim() ? 1 : 0;
          return;
        }
        box.value = value.trim();
        filled += 1;
        last = box;
      });
      if (last) changed(last);
    });
    const left = over ? ` ${over} found no cell and ${over === 1 ? "was" : "were"} left out.` : "";
    say(`${filled} cell${filled === 1 ? "" : "s"} filled from the clipboard.${left}`);
  });

  /* Why a figure is corrected is asked only once something differs from what is on record. */
  const differs = (row) => [...row.querySelectorAll("[data-cell], [name$='.note'], [name$='.evidence'], select")].some(
    (field) => (field.matches("select") ? ![...field.options].find((one) => one.selected)?.defaultSelected : field.value !== field.defaultValue),
  );
  const ask = (event) => {
    const row = event.target.closest?.("[data-row]");
    const why = row?.querySelector("[data-why]");
    if (why && !event.target.closest("[data-why]")) why.classList.toggle("needed", differs(row) || !!why.querySelector("input").value);
  };
  document.addEventListener("input", ask);
  document.addEventListener("change", ask);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-swap]");
    if (!button) return;
    const boxes = cells(document.getElementById(`row-${button.dataset.swap}`));
    if (boxes.length < 2) return;
    [boxes[0].value, boxes[1].value] = [boxes[1].value, boxes[0].value];
    changed(boxes[0]);
    boxes[0].focus();
  });
})();
