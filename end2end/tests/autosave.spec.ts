// Nothing that was typed is lost: autosave, and two windows with the same form.
import { expect, login, ready, register, somebody, test } from "./support";

test("what is typed is saved automatically and is there on another device", async ({ page, browser, baseURL }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  await ready(page, true);
  await page.getByLabel("联系地址").fill("浙江省杭州市");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  const elsewhere = await (await browser.newContext({ baseURL })).newPage();
  await login(elsewhere, person);
  await elsewhere.goto("/profile/contact");
  await expect(elsewhere.getByLabel("联系地址")).toHaveValue("浙江省杭州市");
  await elsewhere.context().close();
});

test("of two windows the later one is asked which version to keep", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  await ready(page, true);
  const second = await page.context().newPage();
  await second.goto("/profile/contact");
  await ready(second, true);
  await page.getByLabel("联系地址").fill("第一个窗口");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await second.getByLabel("联系地址").fill("第二个窗口");
  await expect(second.getByRole("alert")).toContainText("内容在别处被修改");
  await expect(second.getByLabel("联系地址")).toHaveValue("第二个窗口");
  await second.getByRole("button", { name: "保留这里的内容" }).click();
  await expect(second.getByText("已保存", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("联系地址")).toHaveValue("第二个窗口");
  await second.close();
});
