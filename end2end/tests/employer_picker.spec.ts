// An employer chosen by its place, with the keyboard alone, with and without JavaScript (S26).
import { axe, expect, login, ready, register, shot, somebody, test } from "./support";
import type { Page } from "@playwright/test";

/** Moves on with the Tab key until a control or link of that name has the focus, and presses it. */
async function press(page: Page, name: RegExp) {
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
  for (let n = 0; n < 120; n++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused())) return page.keyboard.press("Enter");
  }
  throw new Error(`the Tab key does not reach ${name}`);
}

test("an employer is chosen by the keyboard and nothing typed is lost", async ({ page, hydrated }) => {
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await page.goto("/profile/work");
  await ready(page, hydrated);
  await page.getByLabel("职务").fill("住院医师");
  await page.getByLabel("在岗情况").focus();
  await press(page, /^按地区选择单位$/);
  await expect(page.getByRole("heading", { level: 1, name: "选择工作单位" })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "picker-provinces");
  await press(page, /^河南/);
  await expect(page.getByRole("heading", { name: "城市" })).toBeVisible();
  await shot(page, "picker-cities");
  await press(page, /^郑州市/);
  await expect(page.getByRole("button", { name: "郑州市中心医院" })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "picker-names");
  const row = await page.getByRole("button", { name: "郑州市中心医院" }).boundingBox();
  expect(row!.height, "high enough for a thumb").toBeGreaterThanOrEqual(44);
  // What nobody has leads to the request for it; what is searched for is in no address.
  await page.getByRole("searchbox").fill("没有这个医院");
  await page.keyboard.press("Enter");
  await expect(page.getByText("没有找到这个单位")).toBeVisible();
  expect(decodeURIComponent(page.url())).not.toContain("没有");
  await expect(page.getByRole("link", { name: "名单里没有？申请添加" }).first()).toHaveAttribute("href", "/names?field=employer");
  await page.getByRole("searchbox").fill("zzszxyy");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "郑州市中心医院" })).toBeVisible();
  await press(page, /^郑州市中心医院/);
  await expect(page).toHaveURL(/\/profile\/work#f-employer$/);
  await ready(page, hydrated);
  await expect(page.getByLabel("工作单位", { exact: true })).toHaveValue("郑州市中心医院");
  await expect(page.getByLabel("单位所在地区")).toHaveValue("41");
  await expect(page.getByLabel("职务")).toHaveValue("住院医师");
});
