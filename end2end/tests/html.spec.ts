// The HTML of every page is valid.
import { expect, login, ready, register, somebody, test } from "./support";
import { faults } from "./validator";

test("the HTML of every page is valid", async ({ page }) => {
  test.setTimeout(240_000);
  const person = somebody();
  await register(page, person, true);
  const said: string[] = [];
  const check = async (path: string) => { said.push(...(await faults(page, path))); };
  for (const path of ["/", "/help", "/login", "/register", "/recover", "/claim", "/claim/state", "/verify", "/downloads", "/guides/rules", "/guides/chsi", "/guides/refunds", "/guides/taiwan-hong-kong-macao", "/nothing-here", "/admin/login"]) await check(path);
  await login(page, person);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  const application = new URL(page.url()).pathname.replace(/\/category$/, "");
  for (const group of ["basic", "contact", "work", "education", "training", "certificate"]) await check(`/profile/${group}`);
  for (const kind of ["education", "training", "certificate"]) await check(`/profile/${kind}/new`);
  for (const path of ["/security", "/names", "/exams", "/exams/catalogue", `${application}/category`, `${application}/basic`]) await check(path);
  expect([...new Set(said)]).toEqual([]);
});
