/* The entry grid: arrows between rows, pasted blocks, swapped numbers. Works without it too. */
(() => {
  "use strict";
  const cells = (row) => [...row.querySelectorAll("[data-cell]")];
  const rows = (grid) => [...grid.querySelectorAll("[data-row]")].filter((row) => cells(row).length);
  const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));

  const place = (input) => {
    const grid = input.closest("[data-grid]");
    const all = rows(grid);
    const row = input.closest("[data-row]");
    return { all, at: all.indexOf(row), column: cells(row).indexOf(input) };
  };

  const go = (input, step) => {
    const { all, at, column } = place(input);
    const next = all[at + step];
    if (!next) return false;
    const target = cells(next)[Math.min(column, cells(next).length - 1)];
    target.focus();
    target.select();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    const input = event.target.closest?.("[data-cell]");
    if (!input || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    if (go(input, step) || event.key === "Enter") event.preventDefault();
  });

  document.addEventListener("paste", (event) => {
    const input = event.target.closest?.("[data-cell]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!input || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { all, at, column } = place(input);
    text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach((line, down) => {
      const row = all[at + down];
      if (!row) return;
      const boxes = cells(row);
      let last = null;
      line.split("\t").forEach((value, right) => {
        const box = boxes[column + right];
        if (!box) return;
        box.value = value.trim();
        last = box;
      });
      if (last) changed(last);
    });
  });

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
