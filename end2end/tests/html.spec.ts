// The HTML of every page is valid.
import { HtmlValidate } from "html-validate";
import { expect, login, ready, register, somebody, test } from "./support";

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // How text is laid out in the source is the renderer's.
    "no-trailing-whitespace": "off",
    "no-inline-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "void-style": "off",
    "long-title": "off",
    "doctype-style": "off",
    // Scripts have a nonce and names with a hash of their content.
    "require-sri": "off",
  },
});
// Markers of the renderer between texts, which browsers read as empty comments.
const without = (html: string) => html.replaceAll("<!>", "");

test("the HTML of every page is valid", async ({ page }) => {
  test.setTimeout(240_000);
  const person = somebody();
  await register(page, person, true);
  const said: string[] = [];
  const check = async (path: string) => {
    const html = await (await page.request.get(path)).text();
    const report = await validator.validateString(without(html));
    for (const { messages } of report.results) for (const m of messages) said.push(`${path} ${m.line}:${m.column} ${m.ruleId}: ${m.message} ${m.selector ?? ""}`);
  };
  for (const path of ["/", "/help", "/login", "/register", "/verify", "/nothing-here", "/admin/login"]) await check(path);
  await login(page, person);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.locator("form[action='/exams/catalogue'] button.primary").first().click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  const application = new URL(page.url()).pathname.replace(/\/category$/, "");
  for (const group of ["basic", "contact", "work", "education", "training", "certificate"]) await check(`/profile/${group}`);
  for (const kind of ["education", "training", "certificate"]) await check(`/profile/${kind}/new`);
  for (const path of ["/security", "/names", "/exams", "/exams/catalogue", `${application}/category`, `${application}/basic`]) await check(path);
  expect([...new Set(said)]).toEqual([]);
});
