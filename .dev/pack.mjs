// Puts module, its script and the style sheet under names with a hash of their content, each beside its brotli copy.
// Usage: node pack.mjs FOLDER-OF-WASM-BINDGEN FOLDER-OF-STYLES
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const [work, styles] = process.argv.slice(2);
const put = (name, extension, content) => {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const path = `${work}/pkg/${name}.${hash}.${extension}`;
  writeFileSync(path, content);
  const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  writeFileSync(`${path}.br`, small);
  console.log(`  ${name}.${extension}: ${content.length} bytes, ${small.length} brotli`);
};
put("yikao", "wasm", readFileSync(`${work}/yikao_bg.wasm`));
put("yikao", "js", readFileSync(`${work}/yikao.js`));
// The parts of the style sheet in the order of their names; comments and line ends go.
const css = readdirSync(styles).filter((f) => f.endsWith(".css") && f !== "main.css").sort().map((f) => readFileSync(`${styles}/${f}`, "utf8")).join("\n");
put("main", "css", Buffer.from(css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "").replace(/\s*([{};:,>])\s*/g, (m, c) => (c === ":" || c === ">" ? m.trim() === c && m.length > 1 && c === ":" ? m : c : c))));
rmSync(`${work}/yikao_bg.wasm`);
rmSync(`${work}/yikao.js`);
