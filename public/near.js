// Fetches the application's module when a pointer or the focus nears a way into it, once, and only on pages that have none.
const own = document.currentScript;
let fetched = false;
function near(event) {
  const way = event.target instanceof Element && event.target.closest("[data-app], form[action='/login']");
  if (!way || fetched || !own.dataset.script) return;
  fetched = true;
  for (const [rel, href, as] of [["modulepreload", own.dataset.script, ""], ["prefetch", own.dataset.module, "fetch"], ["prefetch", own.dataset.words, "fetch"]]) {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = href;
    if (as) {
      link.as = as;
      link.crossOrigin = "";
    }
    document.head.append(link);
  }
}
for (const name of ["pointerover", "focusin", "touchstart"]) document.addEventListener(name, near, { passive: true });
