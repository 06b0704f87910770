/* Small helpers. Every page works without them. */
(() => {
  "use strict";
  const one = (query, root = document) => root.querySelector(query);
  const all = (query, root = document) => [...root.querySelectorAll(query)];

  /* Say it politely. The text is set again even when it is the same as before. */
  const announce = (text) => {
    const place = one("#announcer");
    if (!place || !text) return;
    place.textContent = "";
    setTimeout(() => { place.textContent = text; }, 50);
  };

  const focus = (element) => {
    if (!element) return;
    if (!element.matches("a, button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
    element.focus();
  };

  /* Links of an error summary lead into the field, not only near it. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest(".field")?.scrollIntoView({ block: "center" });
    focus(field);
  });

  /* Menus close when the reader goes elsewhere. */
  const closeMenus = (except) => all("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && one("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    focus(one("summary", menu));
  });

  /* A form with typed text is not left without a question. data-guard="off" switches it off. */
  const dirty = new Set();
  const guarded = (form) => form?.method === "post" && form.dataset.guard !== "off";
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (guarded(form)) dirty.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) dirty.delete(event.target);
  });
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });

  /* A second press does not send a form twice. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  /* Notices from <template>s of the page. */
  const notice = (name) => {
    const place = one("#notices") ?? one("main");
    const template = one(`#notice-${name}`);
    if (!place || !template) return;
    all(`[data-notice="${name}"]`).forEach((old) => old.remove());
    const shown = template.content.firstElementChild.cloneNode(true);
    shown.dataset.notice = name;
    place.prepend(shown);
    shown.scrollIntoView({ block: "nearest" });
    if (shown.matches("[data-focus]")) focus(shown);
    else announce(shown.textContent);
  };

  /* Fetch a fresh token into the page as it stands: typed text stays where it is. */
  const renew = async (button) => {
    button.disabled = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = JSON.parse(page.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
      if (answer.redirected || !token) throw new Error("still signed out");
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
      all("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
      button.closest("[data-notice]").remove();
      announce("The page is renewed. Send it again.");
    } catch {
      button.disabled = false;
      announce("Not yet. Sign in in the other tab first, then press this again.");
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-renew]");
    if (button) renew(button);
  });

  /* htmx. An inline style (a text area made larger by hand) is not copied: the content policy forbids it. */
  if (window.htmx) htmx.config.attributesToSettle = ["class", "width", "height"];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const signIn = document.body.dataset.signIn;
    if (signIn && xhr.responseURL && new URL(xhr.responseURL).pathname === signIn && location.pathname !== signIn) {
      event.detail.shouldSwap = false;
      notice("stale");
    } else if (xhr.status === 422) {
      /* A form that came back with errors is an answer, not a failure. */
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    const stale = status === 401 || (status === 403 && responseText.includes("data-stale-form"));
    notice(stale ? "stale" : status === 403 ? "refused" : "failed");
  });
  document.addEventListener("htmx:sendError", () => notice("failed"));
  document.addEventListener("htmx:timeout", () => notice("failed"));
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target?.removeAttribute("aria-busy");
    if (!event.detail.successful) return;
    all("[data-notice=failed]").forEach((old) => old.remove());
    const form = event.detail.elt.closest("form");
    if (form && event.detail.requestConfig.verb !== "get") dirty.delete(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    const inside = (query) => (part.matches?.(query) ? part : one(query, part));
    focus(inside("[data-error-summary]") ?? inside("[data-focus]"));
    announce(inside("[data-announce]")?.dataset.announce);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const here = one(".bar > nav [aria-current]");
    if (here) here.parentElement.scrollLeft = here.offsetLeft - 2 * here.offsetWidth;
    all(".chart-block > .scroll").forEach((chart) => { chart.scrollLeft = chart.scrollWidth; });
    const summary = one("main [data-error-summary]");
    if (!summary) return;
    focus(summary);
    if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
  });
})();
