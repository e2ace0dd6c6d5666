// Puts the module and its chunks (in FOLDER/chunks), the style sheet and the sentences of each language under names with a hash of their content, each beside its brotli copy.
// Usage: node pack.mjs FOLDER FOLDER-OF-STYLES FOLDER-OF-LOCALES
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const [work, styles, locales] = process.argv.slice(2);
const kept = (path, name, content) => {
  writeFileSync(path, content);
  if (process.env.PACK === "plain") return; // make dev
  const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  writeFileSync(`${path}.br`, small);
  console.log(`  ${name}: ${content.length} bytes, ${small.length} brotli`);
};
const put = (name, extension, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  kept(`${work}/pkg/${name}.${hash}.${extension}`, `${name}.${extension}`, content);
};
// The module and its chunks name each other, so they keep their names, in a folder named by the hash of all of them.
const chunks = readdirSync(`${work}/chunks`).sort().map((name) => [name, readFileSync(`${work}/chunks/${name}`)]);
const all = createHash("sha256");
for (const [name, content] of chunks) all.update(name).update(content);
const folder = `${work}/pkg/${all.digest("hex").slice(0, 12)}`;
mkdirSync(folder);
for (const [name, content] of chunks) kept(`${folder}/${name}`, name, content);
// The parts of the style sheet in the order of their names; comments and line ends go.
// What only records, plain pages and print sheets show is a sheet of its own (65 and above), which the wizard does not fetch.
const sheets = readdirSync(styles).filter((f) => /^\d/.test(f)).sort();
const sheet = (name, files) => {
  const css = files.map((f) => readFileSync(`${styles}/${f}`, "utf8")).join("\n");
  put(name, "css", Buffer.from(css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "").replace(/\s*([{};:,>])\s*/g, (m, c) => (c === ":" || c === ">" ? m.trim() === c && m.length > 1 && c === ":" ? m : c : c))));
};
sheet("main", sheets.filter((f) => f < "65"));
sheet("records", sheets.filter((f) => f >= "65"));
put("draft", "js", readFileSync(`${work}/draft.js`));
// The sentences that the module asks for, in the same order as in app/build.rs: those asked for by number, then those found by
// their key, each in the order of their keys. A number needs no key in the table. What the first step of the wizard shows comes
// first, then the rest of what candidates see, then what the staff see: each of the three tables holds those before it, so that a
// number means the same in all of them.
const groups = (name) => readFileSync(`${locales}/${name}`, "utf8").split("\n").filter(Boolean);
const [apart, first, staff, lookedUp] = ["server-only", "first-view", "staff-only", "looked-up"].map(groups);
const isIn = (all, key) => all.some((group) => key === group || key.startsWith(`${group}.`));
const flat = (value, key) => typeof value === "string" ? [[key, value]]
  : Object.entries(value).flatMap(([name, inner]) => flat(inner, key ? `${key}.${name}` : name));
for (const lang of ["zh", "en"]) {
  const lines = flat(JSON.parse(readFileSync(`${locales}/${lang}.json`, "utf8")), "")
    .filter(([key]) => !isIn(apart, key))
    .map(([key, sentence]) => ({ key, sentence, found: isIn(lookedUp, key), rank: isIn(staff, key) ? 2 : isIn(first, key) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || a.found - b.found || (a.key < b.key ? -1 : 1));
  ["first-view", "candidate", "staff"].forEach((name, rank) => {
    const known = lines.filter((line) => line.rank <= rank);
    put(`${name}.${lang}`, "txt", Buffer.from(known.map((line) => `${line.found ? line.key : ""}\x1f${line.sentence}`).join("\x1e")));
  });
}
