/* The entry grid: arrows between cells, pasted blocks, swapped numbers, nothing typed is lost.
   Works without it too. */
(() => {
  "use strict";
  const cells = (row) => [...row.querySelectorAll("[data-cell]")];
  const rows = (grid) => [...grid.querySelectorAll("[data-row]")].filter((row) => cells(row).length);
  const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));
  const cellOf = (event) => event.target.closest?.("[data-cell]");
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
    const input = cellOf(event);
    if (input) input.dataset.was = input.value;
  });

  document.addEventListener("keydown", (event) => {
    const input = cellOf(event);
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
    const input = cellOf(event);
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

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-swap], [data-take]");
    if (!button) return;
    const boxes = cells(button.closest("[data-row]"));
    const values = "swap" in button.dataset ? [boxes[1].value, boxes[0].value] : button.dataset.take.split("|");
    values.forEach((value, at) => { boxes[at].value = value; });
    changed(boxes[0]);
    boxes[0].focus();
  });

  /* The boxes that a sentence speaks about are marked once the sentence has come. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt.closest?.("[data-row]");
    if (!row) return;
    const about = [...row.querySelectorAll(".error")].map((error) => error.dataset.box);
    const swap = !!row.querySelector("[data-swap]");
    row.querySelectorAll("input[id]:not([type=hidden])").forEach((input) => {
      if (about.includes(input.id) || (swap && input.matches("[data-cell]"))) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
  });

  /* A row that was typed in and not left yet is sent when the tab is closed or put aside. */
  const open = new Set();
  document.addEventListener("input", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row) open.add(row);
  });
  document.addEventListener("change", (event) => open.delete(event.target.closest?.("[data-row]")));
  addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    open.forEach((row) => {
      const body = new URLSearchParams([...row.querySelectorAll("[name]")].map((one) => [one.name, one.value]));
      const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"), "HX-Request": "true" };
      fetch(row.getAttribute("hx-post"), { method: "POST", body, headers, keepalive: true }).catch(() => {});
    });
    open.clear();
  });

  /* What was sent after the session had ended comes back in the same tab, for the same person. */
  const key = (grid) => `figures ${grid.dataset.by} ${location.pathname}${grid.getAttribute("action")}`;
  document.addEventListener("submit", (event) => {
    const grid = event.target.closest("[data-grid]");
    if (!grid || event.submitter?.name === "forget") return;
    const typed = [...new FormData(grid)].filter(([name]) => name.includes(".") && !name.endsWith(".seen"));
    try { sessionStorage.setItem(key(grid), JSON.stringify(typed)); } catch { /* A full store is no reason not to send. */ }
  });
  document.addEventListener("DOMContentLoaded", () => {
    const grid = document.querySelector("[data-grid]");
    if (!grid) return;
    const typed = JSON.parse(sessionStorage.getItem(key(grid)) ?? "null");
    sessionStorage.removeItem(key(grid));
    /* Recorded, or shown again with its errors: then the page knows it already. */
    if (!typed || document.querySelector("[data-error-summary], #notices .notice-done")) return;
    const back = new Set();
    typed.forEach(([name, value]) => {
      const field = grid.elements[name];
      if (!field || field.value === value) return;
      field.value = value;
      back.add(field.closest("[data-row]"));
    });
    back.forEach((row) => changed(cells(row)[0]));
    if (back.size) say("What you typed before you were signed out is back, and kept as a draft.");
  });
})();
