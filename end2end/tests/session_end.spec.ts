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
  await expect(page.getByText("刚才填写的内容已为您保留十五分钟")).toBeVisible();
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/\/profile\/contact/);
  await expect(page.getByLabel("联系地址")).toHaveValue("写到一半的地址");
});

test("the end of the session is announced, and one click stays", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  await ready(page, true);
  for (let turn = 0; turn < 3; turn++) {
    const stay = page.getByRole("alert").getByRole("button", { name: "继续填写" });
    await stay.click();
    await expect(stay).toBeHidden();
  }
  // Four and a half seconds later a session of three seconds is still open.
  await page.reload();
  await expect(page.getByLabel("联系地址")).toBeVisible();
});
