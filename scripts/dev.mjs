// The loop of `make dev`: watches the sources, builds what a change needs, restarts the server. Pages reload when they meet a new process
// (server/src/dev.rs). A style sheet or a sentence needs no compiler: the server reads the locale files when it starts.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, watch, writeFileSync } from "node:fs";

const target = process.env.CARGO_TARGET_DIR;
const work = `${target}/dev-work`, site = `${target}/dev-site`;
const module = `${target}/wasm32-unknown-unknown/wasm-dev/frontend.wasm`, binary = `${target}/debug/server`;
const environment = {
  DATABASE_URL: "sqlite:data/dev.db", MAKE_SEALING_KEY: "true", SEALING_KEY_FILE: "data/dev.key", RUST_LOG: "info,access=debug,sqlx=warn",
  ...process.env, SITE_ROOT: site,
};
const address = `http://${process.env.LISTEN ?? "127.0.0.1:3000"}`;
const say = (text) => console.log(`\x1b[1m· ${text}\x1b[0m`);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs a program to its end; resolves to whether it succeeded. */
const run = (program, ...args) => new Promise((resolve) => {
  spawn(program, args, { stdio: "inherit" }).on("error", () => resolve(false)).on("exit", (code) => resolve(code === 0));
});

const buildServer = () => run("cargo", "build", "--quiet", "-p", "server", "--features", "dev");

/** Compiles the module and splits it as the release does, without optimising it. */
const buildModule = async () => {
  const built = await run("cargo", "rustc", "--quiet", "-p", "frontend", "--target", "wasm32-unknown-unknown", "--profile", "wasm-dev",
    "--", "-Clink-args=--emit-relocs");
  if (!built) return false;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(`${work}/chunks`, { recursive: true });
  const chunks = `${work}/chunks`;
  if (!await run("split", module, chunks)) return false;
  if (!await run("wasm-bindgen", "--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "yikao", "--out-dir", chunks,
    `${chunks}/main.wasm`)) return false;
  rmSync(`${chunks}/main.wasm`);
  renameSync(`${chunks}/yikao_bg.wasm`, `${chunks}/yikao.wasm`);
  return true;
};

/** Puts module, style sheet and sentences into the folder that the server reads. */
const pack = () => {
  rmSync(`${work}/pkg`, { recursive: true, force: true });
  mkdirSync(`${work}/pkg`, { recursive: true });
  copyFileSync("public/draft.js", `${work}/draft.js`);
  const packed = spawnSync("node", ["scripts/pack.mjs", work, "style", "app/locales"], { env: { ...process.env, PACK: "plain" } });
  if (packed.status !== 0) return process.stderr.write(packed.stderr), false;
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site);
  renameSync(`${work}/pkg`, `${site}/pkg`);
  return true;
};

let server;
/** Starts the server, and resolves when it answers. A server that runs is killed: nothing acknowledged is lost by that. */
const serve = async () => {
  const ended = server && server.exitCode === null ? new Promise((resolve) => server.once("exit", resolve)) : undefined;
  server?.kill("SIGKILL");
  await ended;
  server = spawn(binary, ["serve"], { stdio: "inherit", env: environment });
  while (server.exitCode === null) {
    if (await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
};

/** The keys of both locale files with the arguments of their sentences: what the generated functions depend on. */
const signatures = () => {
  const flat = (value, key) => typeof value === "string" ? [[key, value]]
    : Object.entries(value).flatMap(([name, inner]) => flat(inner, key ? `${key}.${name}` : name));
  const of = (lang) => flat(JSON.parse(readFileSync(`app/locales/${lang}.json`, "utf8")), "")
    .map(([key, sentence]) => `${lang} ${key} ${(sentence.match(/\{[^}]*\}/g) ?? []).sort()}`);
  return [...of("zh"), ...of("en")].sort().join("\n");
};
let compiled = "";

/** What a changed file needs: `server`, `module`, both, only a `restart`, or nothing. */
const needs = (file) => {
  // Editors write copies and temporary files beside the real ones.
  if (!/\.(rs|toml|lock|sql|css|json|csv|txt|svg|js|mjs)$|^app\/locales\/(server|staff)-only$/.test(file)) return [];
  if (/(^|\/)(tests|examples|benches|compare)\//.test(file) || /(^|\/)\./.test(file)) return [];
  if (/^style\/.*\.css$/.test(file)) return ["restart"];
  if (/^app\/locales\/(zh|en)\.json$/.test(file)) {
    try {
      return signatures() === compiled ? ["restart"] : ["server", "module"];
    } catch {
      return ["server"]; // not JSON at the moment: the build says where
    }
  }
  if (/^(server|app\/registry|public)\//.test(file)) return ["server"];
  if (/^frontend\//.test(file)) return ["module"];
  if (/^app\//.test(file) || /^Cargo\.(toml|lock)$/.test(file)) return ["server", "module"];
  return file === "scripts/pack.mjs" ? ["restart"] : [];
};

let waiting = new Map(), working = false, timer;
const changed = (file) => {
  if (needs(file).length === 0) return;
  waiting.set(file, waiting.get(file) ?? Date.now());
  clearTimeout(timer);
  timer = setTimeout(handleChanges, 50);
};
/** Does what the changes so far need; changes that come meanwhile are done afterwards. */
const handleChanges = async () => {
  if (working || waiting.size === 0) return;
  working = true;
  const files = [...waiting.keys()], since = Math.min(...waiting.values());
  waiting = new Map();
  const all = new Set(files.flatMap(needs));
  const before = (() => { try { return signatures(); } catch { return ""; } })();
  const [a, b] = await Promise.all([all.has("server") ? buildServer() : true, all.has("module") ? buildModule() : true]);
  if (a && b) {
    if (all.has("server")) compiled = before;
    const served = pack() && await serve();
    say(`${files.length === 1 ? files[0] : `${files.length} files`}: ${served ? "served" : "not served"} after ${seconds(since)}`);
  } else {
    say("The build failed; the page stays as it was");
  }
  working = false;
  handleChanges();
};

/** Watches a folder and those in it, each by itself: Node's recursive watch loses a file that an editor replaces. */
const watched = new Set();
const watchFolder = (folder) => {
  if (watched.has(folder)) return;
  watched.add(folder);
  const own = watch(folder, (_, name) => {
    if (!name) return;
    const path = `${folder}/${name}`;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) watchFolder(path);
    changed(path);
  });
  own.on("error", () => { own.close(); watched.delete(folder); });
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) watchFolder(`${folder}/${entry.name}`);
};

const begun = Date.now();
say("Building the server and the module (the first time takes minutes)");
compiled = signatures();
const [a, b] = await Promise.all([buildServer(), buildModule()]);
if (!(a && b && pack())) process.exit(1);
const built = Date.now();
mkdirSync("data", { recursive: true });
const loaded = spawnSync(binary, ["demo"], { env: environment, encoding: "utf8" });
if (loaded.status !== 0) process.stderr.write(loaded.stderr), process.exit(1);
const logins = "data/dev-logins.txt";
if (loaded.stdout.includes("shown only now")) writeFileSync(logins, loaded.stdout, { mode: 0o600 });
for (const sign of ["SIGINT", "SIGTERM"]) process.on(sign, () => { server?.kill("SIGKILL"); process.exit(0); });
if (!await serve()) process.exit(1);
say(`${address} is served ${seconds(built)} after a build of ${((built - begun) / 1000).toFixed(1)} s${existsSync(logins) ? `; log-ins are in ${logins}` : ""}`);
for (const folder of ["app", "server", "frontend", "style", "public"]) watchFolder(folder);
for (const folder of [".", "scripts"]) watch(folder, (_, name) => name && changed(folder === "." ? name : `${folder}/${name}`));
