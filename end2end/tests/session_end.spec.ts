// A session that ends while somebody is typing: what was typed is restored after log-in to the same account.
import { expect, login, ready, register, somebody, test } from "./support";

test("what was typed after the session ended comes back", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  await ready(page, true);
  await page.waitForTimeout(3500);
  await page.getByLabel("联系地址").fill("写到一半的地址");
  await expect(page).toHaveURL(/\/login\?next=\/profile\/contact/);
  await expect(page.getByText("请先登录")).toBeVisible();
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/\/profile\/contact/);
  await expect(page.getByLabel("联系地址")).toHaveValue("写到一半的地址");
});
