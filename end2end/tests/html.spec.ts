// The HTML of every page is valid.
import { expect, login, ready, register, somebody, staff, test } from "./support";
import { faults } from "./validator";

test("the HTML of every page is valid", async ({ browser, page }) => {
  test.setTimeout(240_000);
  const person = somebody();
  await register(page, person, true);
  const said: string[] = [];
  const check = async (path: string) => { said.push(...(await faults(page, path))); };
  for (const path of ["/", "/help", "/login", "/register", "/recover", "/claim", "/claim/state", "/verify", "/downloads", "/guides/rules", "/guides/chsi", "/guides/refunds", "/guides/taiwan-hong-kong-macao", "/sites", "/sites?q=hangzhou", "/sites?q=zzzz", "/verify/00000", "/downloads/2", "/downloads/3", "/downloads/4", "/downloads/5", "/downloads/6", "/nothing-here", "/admin/login"]) await check(path);
  await page.goto("/");
  await check((await page.locator(".notices a").first().getAttribute("href"))!);
  await login(page, person);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  const application = new URL(page.url()).pathname.replace(/\/category$/, "");
  for (const group of ["basic", "contact", "work", "education", "training", "certificate"]) await check(`/profile/${group}`);
  for (const kind of ["education", "training", "certificate"]) await check(`/profile/${kind}/new`);
  for (const path of ["/security", "/names", "/names?field=employer", "/employers", "/employers?field=employer&province=33", "/exams", "/exams/catalogue", `${application}/category`, `${application}/basic`]) await check(path);
  for (const kind of ["education", "training", "certificate"]) await check(`${application}/entries/${kind}`);
  const office = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  await staff(office, "e2e_centre");
  for (const path of ["/admin", "/admin/dictionary", "/admin/password"]) said.push(...(await faults(office, path)));
  expect([...new Set(said)]).toEqual([]);
});
