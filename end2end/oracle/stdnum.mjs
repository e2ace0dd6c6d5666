// Asks an independent library and the forms crate about the same numbers, right ones and wrong ones, and fails on the
// first on which they differ. Usage: node stdnum.mjs PATH-OF-CHECKER
import { spawnSync } from "node:child_process";
import { stdnum } from "stdnum";

let seed = 20260201;
const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
const digits = (n) => Array.from({ length: n }, () => random(10)).join("");
// The library's Hong Kong table leaves out O, although cards with O are issued (its 24 lies between N and P); the two are
// compared on the other letters.
const hongKongLetter = () => { const l = letter(); return l === "O" ? "N" : l; };
const letter = () => String.fromCharCode(65 + random(26));
const two = (n) => String(n).padStart(2, "0");
const makers = {
  // Provinces that the library knows, so that only the rules of GB 11643 are compared.
  resident_id: () => ["110101", "310101", "440103", "510104"][random(4)] + (1950 + random(50)) + two(1 + random(12)) + two(1 + random(28)) + digits(3) + "0123456789X"[random(11)],
  hong_kong_id: () => (random(2) ? hongKongLetter() : "") + hongKongLetter() + digits(6) + "0123456789A"[random(11)],
  taiwan_id: () => letter() + (1 + random(2)) + digits(8),
};
const oracles = { resident_id: stdnum.CN.ric, hong_kong_id: stdnum.HK.hkid, taiwan_id: stdnum.TW.natid };
const cases = Object.keys(makers).flatMap((kind) => Array.from({ length: 20000 }, () => [kind, makers[kind]()]));
const ours = spawnSync(process.argv[2], { input: cases.map((c) => c.join(" ")).join("\n") + "\n", maxBuffer: 1 << 26 });
const answers = ours.stdout.toString().trim().split("\n");
const accepted = {};
let failed = answers.length === cases.length ? 0 : 1;
cases.forEach(([kind, number], i) => {
  const expect = oracles[kind].validate(number).isValid;
  if (expect) accepted[kind] = (accepted[kind] ?? 0) + 1;
  if (expect !== (answers[i] === "yes") && failed++ < 10) console.log(`differs: ${kind} ${number}: library ${expect}, ours ${answers[i]}`);
});
for (const kind of Object.keys(makers)) if ((accepted[kind] ?? 0) < 100) { failed++; console.log(`too few right numbers of ${kind} to compare`); }
console.log(`numbers accepted by both: ${JSON.stringify(accepted)}`);
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
