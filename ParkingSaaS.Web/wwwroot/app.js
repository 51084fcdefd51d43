// A lost connection is tried again by Blazor; a circuit that the server has given up is begun anew.
const dialog = document.getElementById("components-reconnect-modal");
dialog?.addEventListener("components-reconnect-state-changed", ({ detail: { state } }) => {
  if (state === "show" && !dialog.open) dialog.showModal();
  if (state === "hide" && dialog.open) dialog.close();
  if (state === "failed" || state === "rejected") location.reload();
});

// Light or dark: what the person chose, for a year; until then what the rest of their screen is, asked anew by each session of the browser.
function theme(name, chosen) {
  document.cookie = `theme=${name};path=/;samesite=lax${chosen ? ";max-age=31536000" : ""}${location.protocol === "https:" ? ";secure" : ""}`;
  document.body.dataset.theme = name;
}
if (!document.cookie.includes("theme=") && matchMedia("(prefers-color-scheme: dark)").matches) theme("dark");
addEventListener("click", e => e.target.closest?.(".theme") && theme(document.body.dataset.theme === "dark" ? "light" : "dark", true));

// Fetches a file that is made on demand and saves it under the name the server gives it. Meanwhile `progress` says how much has come,
// and of how many rows where the server says so (`ofRows`: "Rows: {0}, {1} MB").
// Answers null, or what the server said instead of the file.
async function download(url, progress, ofRows) {
  try {
    const answer = await fetch(url);
    if (answer.redirected) return location.reload(), null; // signed out meanwhile
    if (!answer.ok) return await answer.text();
    const parts = [], reader = answer.body.getReader();
    const rows = answer.headers.get("X-Rows");
    for (let size = 0, part; !(part = await reader.read()).done;) {
      parts.push(part.value);
      const megabytes = ((size += part.value.length) / 1048576).toFixed(1);
      progress.textContent = rows ? ofRows.replace("{0}", (+rows).toLocaleString()).replace("{1}", megabytes) : `${megabytes} MB`;
    }
    const link = document.createElement("a");
    const name = answer.headers.get("Content-Disposition")?.match(/filename\*=UTF-8''([^;]+)/)?.[1];
    link.download = name ? decodeURIComponent(name) : "";
    link.href = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return null;
  } catch {
    return "";
  } finally {
    progress.textContent = "";
  }
}

// What the page alone knows becomes a file.
function save(name, text) {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Days of a year are painted: by dragging over them (a finger scrolls up and down, and paints sideways), or from the keyboard.
// The page hears of all days of a stroke at once.
function paint(year, page) {
  let stroke = null;
  const dayAt = (x, y) => document.elementFromPoint(x, y)?.closest("[data-date]");
  const touch = day => {
    if (!day || !year.contains(day) || stroke.has(day)) return;
    stroke.add(day);
    day.classList.add("painting");
  };
  const finish = keep => {
    if (!stroke) return;
    const days = [...stroke];
    stroke = null;
    days.forEach(day => day.classList.remove("painting"));
    if (keep && days.length) page.invokeMethodAsync("Paint", days.map(day => day.dataset.date));
  };
  year.addEventListener("pointerdown", e => {
    const day = e.target.closest("[data-date]");
    if (!day || e.button !== 0) return;
    stroke = new Set();
    day.releasePointerCapture?.(e.pointerId);
    touch(day);
  });
  year.addEventListener("pointermove", e => stroke && touch(dayAt(e.clientX, e.clientY)));
  addEventListener("pointerup", () => finish(true));
  addEventListener("pointercancel", () => finish(false)); // the finger scrolls
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  year.addEventListener("keydown", e => {
    const day = e.target.closest("[data-date]");
    if (!day) return;
    const all = [...year.querySelectorAll("[data-date]")], step = steps[e.key];
    if (step) {
      const next = all[all.indexOf(day) + step];
      e.preventDefault();
      if (!next) return;
      next.focus();
      if (e.shiftKey) page.invokeMethodAsync("Paint", [day.dataset.date, next.dataset.date]);
    } else if (e.key === " " || e.key === "Enter") {
      e.preventDefault();
      page.invokeMethodAsync("Paint", [day.dataset.date]);
    }
  });
}

// A page's keys stand at what they press (aria-keyshortcuts). They do nothing while somebody types, behind a dialog, or where the person
// has switched them off. Escape leaves a field of a desk, so that they act again.
addEventListener("keydown", e => {
  if (e.defaultPrevented || e.isComposing || e.repeat || e.ctrlKey || e.altKey || e.metaKey) return;
  if (document.querySelector("[role=dialog], dialog[open]") || localStorage.getItem("keys") === "off") return;
  if (e.target.closest("input, textarea, select, [contenteditable]")) {
    if (e.key === "Escape" && e.target.closest(".desk")) e.target.blur();
    return;
  }
  if (e.key === "Enter" && e.target.closest("a, button, summary")) return;
  const key = e.key.toLowerCase();
  const pressed = [...document.querySelectorAll("main [aria-keyshortcuts]")]
    .find(x => x.getAttribute("aria-keyshortcuts").toLowerCase() === key && !x.disabled && x.checkVisibility());
  if (!pressed) return;
  e.preventDefault();
  if (pressed.matches("input")) pressed.focus(), pressed.select();
  else pressed.click();
});

// The field to begin with has the focus when a form appears: the one with data-first, or the first there is. On a phone it would open the keyboard.
function begin(form) {
  if (!form || !matchMedia("(pointer: fine)").matches) return; // it may be gone again
  const first = form.querySelector("[data-first]")
    ?? form.querySelector("input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)");
  if (!first) return;
  first.dataset.first = "";
  first.focus();
}

// A dialog gives itself the focus when it opens, perhaps after its form had it.
addEventListener("focusin", e => {
  if (e.target.closest("input, select, textarea, button, a")) return;
  const first = e.target.closest(".mud-dialog-container")?.querySelector("[data-first]:not([data-focused])");
  if (!first) return;
  first.dataset.focused = "";
  first.focus();
});

// Prints one element and nothing else of the page.
function printOnly(element) {
  const paper = element.cloneNode(true);
  paper.hidden = false;
  document.body.append(paper);
  addEventListener("afterprint", () => paper.remove(), { once: true });
  print();
}

// The session has ended: whatever the page has to say about unsaved changes, it is over.
function leave(address) {
  addEventListener("beforeunload", e => e.stopImmediatePropagation(), { capture: true });
  location.assign(new URL(address, document.baseURI));
}

// A sign of the person, at most one a minute. What a page does by itself is none.
let told = 0;
function active() {
  if (!document.querySelector("form[action='account/sign-out']") || Date.now() - told < 60_000) return;
  told = Date.now();
  fetch("account/active", { method: "POST" }).catch(() => {});
}
for (const sign of ["pointerdown", "keydown", "wheel"]) addEventListener(sign, active, { capture: true, passive: true });

// Ctrl-K anywhere, and / where nobody types, open the search.
addEventListener("keydown", e => {
  const types = e.target.closest?.("input, textarea, select, [contenteditable]");
  const wanted = e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey) || e.key === "/" && !types && !e.ctrlKey && !e.altKey && !e.metaKey;
  const search = wanted && !document.querySelector(".search") && document.querySelector(".search-open");
  if (!search) return;
  e.preventDefault();
  search.click();
});

// Who follows a link of a list that lies over the page has done with the list.
addEventListener("click", e => e.target.closest?.("[popover] a")?.closest("[popover]").hidePopover());

// ? opens and closes the help, on every page and also where its keys are switched off.
addEventListener("keydown", e => {
  if (e.key !== "?" || e.defaultPrevented || e.isComposing || e.repeat || e.ctrlKey || e.altKey || e.metaKey) return;
  if (document.querySelector("[role=dialog], dialog[open]") || e.target.closest?.("input, textarea, select, [contenteditable]")) return;
  document.querySelector(".help-open")?.click();
});

window.parking = { ...window.parking, begin, download, save, paint, leave, printOnly };
