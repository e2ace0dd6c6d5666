// The papers of an application as PDFs, written by the browser's own printing.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { axe, expect, login, portrait, register, shot, somebody, test, uploadPhoto, visit } from "./support";

type Fields = Record<string, string | string[]>;

/** Posts a form as a browser without script does: with the token and the version of the page on which it stands. */
async function post(page: Page, path: string, fields: Fields, form = path) {
  const html = await (await page.request.get(path)).text();
  const body = new URLSearchParams();
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
  body.append("page", hidden("page"));
  body.append("version", hidden("version") || "0");
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: new URL(page.url()).origin };
  const answer = await page.request.post(form, { headers, data: body.toString(), maxRedirects: 0 });
  expect(answer.status(), path).toBe(303);
  return answer.headers()["location"];
}

const education = (level: string, month: string, more: Fields = {}): Fields => ({
  level, school: "浙江大学", school_region: "33", major: "临床医学", study_form: "full_time", graduation_month: month,
  diploma_number: `103351${month.replace("-", "")}000123`, ...more,
});
const training = (kind: string, start: string): Fields => ({
  training_kind: kind, institution: "浙江省人民医院", start_month: start, end_month: "2023-08", training_number: "ZP20230001",
});
const certificate = (kind: string): Fields => ({
  certificate_kind: kind, issue_month: "2017-12", certificate_number: "201733210330101199003070", registration_month: "2018-03",
  registration_number: "210330101000123",
});
const contact = { contact_region: "mainland", mobile: "13900001111", email: "zhao@example.com", address: "浙江省杭州市上城区解放路88号", postcode: "310009" };
const work = { post_state: "probation", employer: "浙江省人民医院", employer_province: "33" };

interface Applicant { category: string; entries: [string, Fields][]; basic?: Fields; contact?: Fields; work?: Fields }
const simple: Applicant = { category: "110", entries: [["education", education("bachelor", "2020-06")]] };
const fullest: Applicant = {
  category: "110",
  entries: [
    ["education", education("graduate", "2023-06", { degree: "professional", admission_month: "2020-09" })],
    ["education", education("bachelor", "2013-07", { school: "University of Oxford", school_region: "99", school_country: "GB", admission_month: "2008-09", diploma_lost: "yes" })],
    ["education", education("college", "2008-07")],
    ["training", training("residency", "2020-09")],
    ["training", training("continuing", "2022-01")],
    ["training", training("other", "2022-03")],
    ["certificate", certificate("assistant")],
    ["certificate", certificate("assistant_township")],
  ],
  basic: { temporary_card: "yes", document_until: "2099-01-01", military_identity: "3" },
  contact: { home_phone: "0571-87000000", work_phone: "0571-85131111-123", address: "浙江省杭州市余杭区文一西路一千三百二十八号求是公寓三单元" },
  work: { probation_start: "2023-07", post: "住院医师", title: "physician", title_month: "2021-12", employer_not_medical: "yes" },
};
const apprentice: Applicant = { category: "440", entries: [["education", { level: "apprenticeship" }]] };

/** Fills in everything up to the check before submitting; answers with the path of the application. */
async function answered(page: Page, who: Applicant): Promise<string> {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await visit(page, "/profile/basic");
  await uploadPhoto(page, true, await portrait(page));
  for (const [kind, fields] of who.entries) await post(page, `/profile/${kind}/new`, fields);
  const catalogue = await (await page.request.get("/exams/catalogue")).text();
  const session = /name="session" value="([^"]*)"/.exec(catalogue)![1];
  const begun = await post(page, "/exams/catalogue", { session, category: who.category });
  const base = begun.replace(/\/category$/, "");
  const ids = async (step: string, name: string) =>
    [...(await (await page.request.get(`${base}/${step}`)).text()).matchAll(new RegExp(`name="${name}" value="([^"]*)"`, "g"))].map((found) => found[1]);
  await post(page, `${base}/category`, { category: who.category, consent: "yes" });
  await post(page, `${base}/basic`, { household_province: "33", ...contact, ...who.basic, ...who.contact });
  await post(page, `${base}/work`, { ...work, ...who.work });
  const [route] = await ids("education", "educations");
  await post(page, `${base}/education`, { educations: route, trainings: await ids("education", "trainings") });
  await post(page, `${base}/certificate`, { certificates: await ids("certificate", "certificates") });
  await post(page, `${base}/site`, { area: "33", site: "3301", attempts: "" });
  return base;
}

/** The text of each page of the paper that the browser prints. */
async function printed(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  await expect(page.getByRole("img", { name: "本人照片" })).toHaveJSProperty("complete", true);
  const folder = mkdtempSync(join(tmpdir(), "yikao-paper-"));
  const file = join(process.env.YIKAO_SHOTS ?? folder, `${path.split("/").slice(-2).join("-")}.pdf`);
  await page.pdf({ path: file, preferCSSPageSize: true });
  const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return text.split("\f").slice(0, -1);
}

/** Submits, and looks at both papers: how many sheets they take at most, and what stands on each of them. */
async function check(page: Page, who: Applicant, most: number) {
  const name = `${who.category}-${who.entries.length}`;
  const base = await answered(page, who);
  await visit(page, `${base}/confirm`);
  await expect(page.getByRole("img", { name: "本人照片" })).toBeVisible();
  await shot(page, `check-${name}`);
  await axe(page);
  await post(page, `${base}/confirm`, { extra_subject: "none", declaration: "yes" });
  for (const paper of ["slip", "form"]) {
    const sheets = await printed(page, `${base}/${paper}`);
    const serial = await page.locator("b.serial").first().innerText();
    const code = await page.locator(".proof .serial").innerText();
    await shot(page, `paper-${paper}-${name}`);
    await axe(page);
    expect(sheets.length, paper).toBeLessThanOrEqual(most);
    sheets.forEach((text, at) => {
      expect(text, `${paper} ${at}`).toContain(serial);
      expect(text.replaceAll(/\s/g, ""), `${paper} ${at}`).toContain(`第${at + 1}页，共${sheets.length}页`);
    });
    // The code stands with what is signed, or with what is said about the review.
    // They end the last sheet: none is left with the running head alone.
    const last = sheets.at(-1)!;
    expect(last).toContain(code);
    for (const beside of paper === "form" ? ["考生签字", "考点审核（盖章）", "考区审核（盖章）"] : ["现场资格审核"]) expect(last).toContain(beside);
  }
}

test("the papers of the usual applicant take one sheet each, with serial and page number", async ({ page }) => {
  await check(page, simple, 1);
});
test("the papers of the fullest application take two sheets at most, each with serial and page number", async ({ page }) => {
  await check(page, fullest, 2);
});
test("the papers of an apprentice take one sheet each", async ({ page }) => {
  await check(page, apprentice, 1);
});
