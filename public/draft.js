// Saves what was typed and not saved when a page is left, with and without the module, announces the end of a session, and keeps a
// press from being lost.
// Sentences and the length of a session come with the element of this script.
const own = document.currentScript.dataset;
// A form whose answers are a draft shows the state of saving. What the module saved says so there.
const unsaved = () => [...document.forms].filter((form) => {
  const state = form.querySelector(".save-state");
  return form.typed && state && !state.classList.contains("saved");
});
// Posts a form as it stands, to be kept as a draft, right or wrong. `keepalive` outlives the page.
const save = (form) => {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") pairs.append(name, value);
  form.typed = false;
  return fetch(form.action, { method: "POST", body: pairs, headers: { "x-draft": "1", "x-order": Math.floor(performance.now() * 1000) }, keepalive: true, redirect: "manual" }).then(
    (answer) => {
      // Signed out: it waits for the log-in. Everything else was not kept.
      if (answer.status >= 400 && answer.status !== 401) throw answer;
    },
  );
};
// Saves before going on, and answers whether there is something to save. Where that fails, the person decides.
let reloading;
const leave = (event, go) => {
  const forms = unsaved();
  if (!forms.length) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  // Nobody else hears of this click, which is none that a browser has lost.
  pressed = null;
  Promise.all(forms.map(save)).then(go, () => {
    if (confirm(own.leave)) return go();
    reloading = false;
    for (const form of forms) form.typed = true;
  });
  return true;
};
addEventListener("input", (event) => {
  const { form } = event.target;
  if (!form) return;
  form.typed = true;
  // A new entry has no address yet. The page names itself, so that a page that is reloaded finds what was begun here.
  if (form.dataset.begins !== undefined && !location.search) history.replaceState(history.state, "", `?begun=${form.elements.page.value}`);
}, true);
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.origin !== location.origin) return;
  if (link.pathname === location.pathname && link.hash) return;
  leave(event, () => location.assign(link.href));
}, true);
// Another form of the page: the language, the log-out. A form that is posted carries what was typed; the module posts by itself.
addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.querySelector(".save-state")) return setTimeout(() => { if (!event.defaultPrevented) target.typed = false; });
  leave(event, () => target.requestSubmit(submitter));
}, true);
// The module must not follow another step of the history in a page that is about to be replaced.
addEventListener("popstate", (event) => {
  if (reloading) event.stopImmediatePropagation();
  else reloading = leave(event, () => location.reload());
}, true);
// What was refused came back with the page and is not stored yet.
if (document.querySelector(".summary")) for (const form of document.querySelectorAll("form[data-begins]")) form.typed = true;
const saveAll = () => unsaved().forEach((form) => save(form).catch(() => (form.typed = true)));
addEventListener("pagehide", saveAll);
// Which form, in which version. Nothing that was typed is put into the browser's storage.
const stamp = (form) => `${form.getAttribute("action")} ${form.elements.version?.value}`;
addEventListener("beforeunload", (event) => {
  const forms = unsaved();
  if (!forms.length) return;
  if (!navigator.onLine || document.querySelector(".save-state.failed")) return event.preventDefault();
  sessionStorage.left = forms.map(stamp).join("\n");
  saveAll();
  // The next page may show the same form. Nothing can be awaited here, but the request is under way beside this thread: what it
  // brings is mostly stored before the next page is asked for.
  const end = performance.now() + 150;
  while (performance.now() < end);
});
// Where it was not, this page shows the form as it was before, and is loaded again once the server has what was typed.
const left = sessionStorage.left?.split("\n");
sessionStorage.removeItem("left");
const isBehind = (page) => [...page.forms].some((form) => form.elements.version && left.includes(stamp(form)));
const catchUp = async (tries) => {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (unsaved().length) return;
  if (!isBehind(page)) location.reload();
  else if (tries) setTimeout(catchUp, 250, tries - 1);
};
if (left && isBehind(document)) catchUp(20);
// A page that comes back from the browser's memory may be older than what it saved when it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
// The session ends some time after the last request of this page. Two minutes before, one click stays.
if (own.session) {
  let timer;
  const box = document.createElement("div");
  box.className = "ending";
  box.role = "alert";
  const wait = () => {
    clearTimeout(timer);
    box.remove();
    timer = setTimeout(announce, Math.max(own.session - 120, own.session / 2) * 1000);
  };
  const announce = () => {
    const stay = document.createElement("button");
    let before;
    stay.textContent = own.stay;
    stay.onfocus = (event) => (before = event.relatedTarget);
    stay.onclick = () => fetch(location.href).then((answer) => {
      if (answer.redirected) return location.reload();
      wait();
      before?.focus();
    }, () => {});
    const end = new Date(Date.now() + Math.min(120, own.session / 2) * 1000);
    box.replaceChildren(own.ending.replace("%", end.toLocaleTimeString([], { timeStyle: "short" })), " ", stay);
    document.body.append(box);
  };
  new PerformanceObserver((list) => {
    if (list.getEntries().some((entry) => /fetch|xmlhttprequest/.test(entry.initiatorType) && !entry.name.includes("/pkg/"))) wait();
  }).observe({ type: "resource" });
  wait();
}
// A press takes the focus from a field, whose message may then appear and move what is pressed away before it is let go, so that the
// browser sees no click. What is let go where the button was is a click of that button. Also for touch, which is told as a mouse.
let pressed;
addEventListener("mousedown", ({ target, button }) => {
  const control = !button && target.closest?.("button,a[href]");
  pressed = control && { control, was: control.getBoundingClientRect() };
}, true);
addEventListener("click", ({ target }) => {
  if (pressed?.control.contains(target)) pressed = null;
}, true);
addEventListener("mouseup", ({ clientX: x, clientY: y }) => {
  setTimeout(() => {
    if (!pressed) return;
    const { control, was } = pressed;
    pressed = null;
    if (was.left < x && x < was.right && was.top < y && y < was.bottom) control.click();
  });
}, true);
// Counts down to the closing of registration from what was left by the server's clock when the page was written. Days are left as
// they are written.
const count = () => {
  for (const timer of document.querySelectorAll("[data-left]")) {
    const { left, text, none } = timer.dataset;
    timer.until ??= Date.now() + left * 1000;
    const minutes = Math.ceil((timer.until - Date.now()) / 60000);
    if (minutes < 2880) timer.textContent = minutes > 0 ? text.replace("%h", Math.floor(minutes / 60)).replace("%m", minutes % 60) : none;
  }
};
setInterval(count, 5000);
