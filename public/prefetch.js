// Fetches the application's module when a pointer or the focus nears a way into it, once, and only on pages that have none.
const own = document.currentScript;
let fetched = false;
function hint(rel, href) {
  const link = document.createElement("link");
  link.rel = rel;
  link.href = href;
  if (rel === "prefetch") {
    link.as = "fetch";
    link.crossOrigin = "";
  }
  document.head.append(link);
}
function near(event) {
  const way = event.target instanceof Element && event.target.closest("[data-app], a[href='/register'], form[action='/login']");
  if (!way || fetched || !own.dataset.script) return;
  fetched = true;
  hint("modulepreload", own.dataset.script);
  const { module, sentences, chunks } = own.dataset;
  for (const file of [module, sentences, ...chunks.split(" ")]) if (file) hint("prefetch", file);
}
for (const name of ["pointerover", "focusin", "touchstart"]) document.addEventListener(name, near, { passive: true });
