// Shortens the names that the module and its JavaScript call each other by, and drops exports that nothing asks for, so that
// wasm-opt can drop what only they use. Usage: node shorten.mjs MODULE JAVASCRIPT; both are rewritten.
import { readFileSync, writeFileSync } from "node:fs";

const [module, script] = process.argv.slice(2);
const wasm = readFileSync(module);
let js = readFileSync(script, "utf8");

// The classes of wasm_streams, with which Rust hands a stream to the browser: server functions here never do.
const UNUSED = /^(__wbg_)?intounderlying(bytesource|sink|source)_/;
// Names with a hash of wasm-bindgen, and the symbols of what it calls back.
const LONG = /^(__wbg_\w+|__wbindgen_\w+)_[0-9a-f]{16}$|^_R\w{20,}$/;

const short = new Map();
const shorten = (name) => {
  if (!LONG.test(name)) return name;
  if (!short.has(name)) short.set(name, `$${short.size.toString(36)}`);
  return short.get(name);
};

// The binary format, https://webassembly.github.io/spec/core/binary/: a header of eight bytes, then sections.
const unsigned = (bytes, at) => {
  let value = 0, shift = 0, byte;
  do { byte = bytes[at++]; value += (byte & 0x7f) * 2 ** shift; shift += 7; } while (byte & 0x80);
  return [value, at];
};
const leb = (value) => {
  const out = [];
  do { const byte = value & 0x7f; value >>>= 7; out.push(value ? byte | 0x80 : byte); } while (value);
  return Buffer.from(out);
};
const text = (bytes, at) => {
  const [length, start] = unsigned(bytes, at);
  return [bytes.toString("utf8", start, start + length), start + length];
};
const named = (name) => Buffer.concat([leb(Buffer.byteLength(name)), Buffer.from(name)]);
const limits = (bytes, at) => {
  const flags = bytes[at];
  at = unsigned(bytes, at + 1)[1];
  return flags & 1 ? unsigned(bytes, at)[1] : at;
};
/** Where the description of an import ends: function, table, memory, global or tag. */
const described = (bytes, at) => {
  switch (bytes[at++]) {
    case 0: return unsigned(bytes, at)[1];
    case 1: return limits(bytes, at + 1);
    case 2: return limits(bytes, at);
    case 3: return at + 2;
    case 4: return unsigned(bytes, at + 1)[1];
    default: throw new Error("an import of an unknown kind");
  }
};
const vector = (bytes, entry) => {
  let [count, at] = unsigned(bytes, 0);
  const entries = [];
  for (; count > 0; count--) {
    const [kept, end] = entry(at);
    if (kept) entries.push(kept);
    at = end;
  }
  return Buffer.concat([leb(entries.length), ...entries]);
};
const rewritten = {
  // Imports: module, name, description.
  2: (bytes) => vector(bytes, (at) => {
    const [from, name] = text(bytes, at);
    const [field, description] = text(bytes, name);
    const end = described(bytes, description);
    return [Buffer.concat([named(from), named(shorten(field)), bytes.subarray(description, end)]), end];
  }),
  // Exports: name, kind, index.
  7: (bytes) => vector(bytes, (at) => {
    const [name, kind] = text(bytes, at);
    const end = unsigned(bytes, kind + 1)[1];
    return [UNUSED.test(name) ? null : Buffer.concat([named(shorten(name)), bytes.subarray(kind, end)]), end];
  }),
};

const out = [wasm.subarray(0, 8)];
for (let at = 8; at < wasm.length;) {
  const id = wasm[at];
  const [length, start] = unsigned(wasm, at + 1);
  const body = wasm.subarray(start, start + length);
  const content = id in rewritten ? rewritten[id](body) : body;
  out.push(Buffer.from([id]), leb(content.length), content);
  at = start + length;
}
writeFileSync(module, Buffer.concat(out));

js = js.replace(/^export class IntoUnderlying\w+ \{[\s\S]*?^\}\n/gm, "")
  .replace(/^if \(Symbol\.dispose\) IntoUnderlying.*\n/gm, "")
  .replace(/^const IntoUnderlying\w+Finalization = [\s\S]*?;\n/gm, "")
  .replace(/[\w$]+/g, (word) => short.get(word) ?? word);
if (/IntoUnderlying/.test(js)) throw new Error("wasm-bindgen writes the classes of wasm_streams in another way than expected");
writeFileSync(script, js);
