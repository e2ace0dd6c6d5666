// What is typed in the last second: every way to leave a page saves it first. Another account's page saves nothing.
import { type BrowserContext, type Page } from "@playwright/test";
import { expect, login, type Person, portrait, ready, register, somebody, test, uploadPhoto } from "./support";

// The network is taken away on purpose.
test.use({ tolerated: /Failed to fetch|net::ERR_(INTERNET_DISCONNECTED|FAILED|ABORTED)/ });

const address = (page: Page) => page.getByLabel("联系地址");

/** A new person on the page of their contact data. */
async function onContact(page: Page) {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await page.goto("/profile/contact");
  await ready(page, true);
  return person;
}

/** What the server has stored, as another browser with the same session reads it. */
async function stored(page: Page) {
  const other = await page.context().browser()!.newContext({ storageState: await page.context().storageState(), baseURL: new URL(page.url()).origin });
  const fresh = await other.newPage();
  await fresh.goto("/profile/contact");
  const value = await fresh.locator("#f-address").inputValue();
  await other.close();
  return value;
}

for (const [way, leave] of [
  ["a link inside the application", (page: Page) => page.getByRole("link", { name: "工作情况" }).click()],
  ["a link to a plain page", (page: Page) => page.locator(".brand").click()],
  ["the change of language", (page: Page) => page.getByRole("button", { name: "English" }).click()],
  ["reloading", (page: Page) => page.reload()],
  ["the browser's back button", (page: Page) => page.goBack()],
] as const) {
  test(`what was typed is saved before ${way} leaves the page`, async ({ page }) => {
    await onContact(page);
    await address(page).pressSequentially("写到最后一秒");
    await leave(page);
    await expect.poll(() => stored(page)).toBe("写到最后一秒");
  });
}

test("a page that is reloaded at once shows what was typed, and goes on saving", async ({ page }) => {
  await onContact(page);
  for (const typed of ["第一次", "第二次"]) {
    await address(page).fill(typed);
    await page.reload();
    await ready(page, true);
    await expect(address(page)).toHaveValue(typed);
  }
  await page.getByLabel("邮政编码").fill("310009");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a page that is reloaded before what was typed is stored shows it once it is", async ({ page }) => {
  await onContact(page);
  await page.context().route("**/profile/contact", async (route) => {
    if (route.request().method() === "POST") await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await address(page).fill("路上耽搁");
  await page.reload();
  await expect(address(page)).toHaveValue("");
  await expect(address(page)).toHaveValue("路上耽搁");
  await page.getByLabel("邮政编码").fill("310009");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("what was typed is saved when the tab is closed", async ({ page, browser, baseURL }) => {
  await onContact(page);
  const state = await page.context().storageState();
  await address(page).pressSequentially("关掉标签页");
  await page.close({ runBeforeUnload: true });
  const context = await browser.newContext({ storageState: state, baseURL });
  const again = await context.newPage();
  await expect(async () => {
    await again.goto("/profile/contact");
    await expect(address(again)).toHaveValue("关掉标签页");
  }).toPass();
  await context.close();
});

test("what was typed before the page was hydrated is saved after it", async ({ page }) => {
  await onContact(page);
  // The module comes late.
  await page.route("**/yikao.wasm", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await page.goto("/profile/contact", { waitUntil: "commit" });
  await address(page).pressSequentially("水合之前");
  await page.getByRole("heading", { level: 1 }).click();
  await ready(page, true);
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  expect(await stored(page)).toBe("水合之前");
});

test("text that is typed early and wrong, and brings messages and further fields, does not keep the page from being hydrated", async ({ page }) => {
  await onContact(page);
  await page.route("**/yikao.wasm", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto("/profile/contact", { waitUntil: "commit" });
  await page.getByLabel("电子邮件").pressSequentially("zhou@");
  await page.getByLabel("联系地区").selectOption({ index: 2 });
  await page.getByRole("heading", { level: 1 }).click();
  await ready(page, true);
  await expect(page.getByLabel("电子邮件")).toHaveValue("zhou@");
  await expect(page.locator("#e-email")).not.toBeEmpty();
  await page.goto("/profile/education/new", { waitUntil: "commit" });
  await page.getByLabel("毕业证书编号").pressSequentially("12345678");
  await page.getByRole("heading", { level: 1 }).click();
  await ready(page, true);
  await expect(page.locator("#e-diploma_number")).toContainText("8 位序列号");
  expect(faults).toEqual([]);
});

test("what was typed without the module is saved when the page is left", async ({ page }) => {
  await onContact(page);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.reload();
  await address(page).pressSequentially("没有模块");
  await page.locator(".brand").click();
  await expect.poll(() => stored(page)).toBe("没有模块");
});

test("what was typed offline is saved once the server is reached again", async ({ page }) => {
  await onContact(page);
  await page.context().setOffline(true);
  await address(page).fill("离线时写的");
  await expect(page.locator(".save-state")).toContainText("连不上服务器");
  await page.context().setOffline(false);
  await expect(page.getByText("已保存", { exact: true })).toBeVisible({ timeout: 15_000 });
  expect(await stored(page)).toBe("离线时写的");
});

/** Logs another person in, in the same browser. */
async function logInAs(context: BrowserContext, person: Person) {
  const page = await context.newPage();
  await page.context().clearCookies({ name: "session" });
  await login(page, person);
  // Chromium may not close a page for a long time that is closed in the middle of loading on a busy machine.
  await ready(page, true);
  await page.close();
}

test("a page of another account saves nothing and says so", async ({ page, browser, baseURL }) => {
  const other = somebody();
  const elsewhere = await (await browser.newContext({ baseURL })).newPage();
  await register(elsewhere, other, true);
  await elsewhere.context().close();
  await onContact(page);
  await logInAs(page.context(), other);
  await address(page).fill("甲的地址");
  await expect(page.locator(".save-state")).toContainText("这个页面属于另一个账号");
  expect(await stored(page)).toBe("");
  await page.locator("#group button.primary").click();
  await expect(page.locator(".save-state")).toContainText("这个页面属于另一个账号");
  expect(await stored(page)).toBe("");
});

test("what was typed comes back after a log-in although the cookie is gone", async ({ page }) => {
  const person = await onContact(page);
  await page.context().clearCookies();
  await address(page).fill("没有会话时写的");
  await expect(page).toHaveURL(/\/login\?next=.*kept=./);
  await expect(page.getByText("刚才填写的内容已为您保留十五分钟")).toBeVisible();
  await page.getByLabel("用户名").fill(person.username);
  await page.getByLabel("密码", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(address(page)).toHaveValue("没有会话时写的");
});

test("a chunk that does not come leaves a page that works without it", async ({ page }) => {
  await onContact(page);
  await page.goto("/exams/catalogue");
  await ready(page, true);
  await page.route("**/split_later_steps.wasm", (route) => route.abort());
  await page.locator("form[action='/exams/catalogue'][method='post'] button").first().click();
  await expect(page).toHaveURL(/category/);
  await ready(page, true);
  await page.getByLabel("报考类别").selectOption({ index: 1 });
  await page.getByLabel(/我已阅读/).check();
  await page.getByRole("button", { name: "下一步" }).first().click();
  // The next step is drawn by the server, and its form is posted plainly.
  await expect(page).toHaveURL(/\/basic/);
  await expect(page.getByLabel("户籍所在地")).toBeVisible();
  await expect(page.getByRole("button", { name: "上传照片" })).toBeVisible();
  await page.getByLabel("户籍所在地").selectOption({ label: "浙江" });
  await page.getByRole("button", { name: "下一步" }).first().click();
  await expect(page.locator(".summary")).toBeVisible();
  await expect(page.getByLabel("户籍所在地")).toHaveValue("33");
});

test("a link asks before it leaves what could not be saved", async ({ page }) => {
  await onContact(page);
  const lost = (url: string) => page.route(url, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await lost("**/profile/contact");
  await lost("**/api/save-group");
  const asked: string[] = [];
  let leaves = false;
  page.on("dialog", async (dialog) => {
    asked.push(`${dialog.type()} ${dialog.message()}`);
    await (leaves ? dialog.accept() : dialog.dismiss());
  });
  await address(page).fill("没有存下来的");
  await page.locator(".brand").click();
  await expect.poll(() => asked).toEqual(["confirm 刚才填写的内容没能保存。仍要离开吗？"]);
  await expect(page).toHaveURL(/\/profile\/contact/);
  await expect(address(page)).toHaveValue("没有存下来的");
  leaves = true;
  await page.locator(".brand").click();
  await expect(page).toHaveURL(/\/$/);
  expect(asked.length).toBe(2);
});

test("a tab that is closed without a network asks first", async ({ page }) => {
  await onContact(page);
  await page.context().setOffline(true);
  // The browser asks only whoever did something in the page.
  await address(page).click();
  await address(page).pressSequentially("离线时写的");
  const dialog = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  expect((await dialog).type()).toBe("beforeunload");
  await (await dialog).dismiss();
  await expect(address(page)).toHaveValue("离线时写的");
  await page.context().setOffline(false);
  await expect(page.getByText("已保存", { exact: true })).toBeVisible({ timeout: 15_000 });
});

test("a page whose data does not come is loaded plainly, once, and what was saved is there", async ({ page }) => {
  await onContact(page);
  await address(page).fill("先写的地址");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
  await page.route("**/api/profile", (route) => route.abort());
  let loads = 0;
  page.on("load", () => loads++);
  await page.getByRole("link", { name: "工作情况" }).click();
  await expect(page.getByLabel("在岗情况")).toBeVisible();
  await expect(page).toHaveURL(/\/profile\/work/);
  await ready(page, true);
  expect(loads).toBe(1);
  expect(await stored(page)).toBe("先写的地址");
});

test("a page whose data does not come for want of a network says so and does not load itself again and again", async ({ page }) => {
  await onContact(page);
  await page.context().setOffline(true);
  let loads = 0;
  page.on("load", () => loads++);
  await page.getByRole("link", { name: "工作情况" }).click();
  await expect(page.getByText("连不上服务器")).toBeVisible();
  await page.waitForTimeout(1500);
  expect(loads).toBe(0);
  await page.context().setOffline(false);
  await page.reload();
  await expect(page.getByLabel("在岗情况")).toBeVisible();
});

test("an answer that no list knows any more does not keep its page from being hydrated", async ({ page }) => {
  await onContact(page);
  for (const [path, field] of [["/profile/contact", "contact_region"], ["/profile/work", "title"]]) {
    await page.goto(path);
    await ready(page, true);
    const status = await page.evaluate(async ([path, field]) => {
      const form = document.querySelector<HTMLFormElement>("form#group")!;
      const hidden = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
      const body = new URLSearchParams({ page: hidden("page"), version: hidden("version"), [field]: "zz" });
      return (await fetch(path, { method: "POST", body, headers: { "x-draft": "1" } })).status;
    }, [path, field]);
    expect(status).toBe(204);
    await page.goto(path);
    await ready(page, true);
    await expect(page.locator(`#f-${field}`)).toBeVisible();
  }
  // The form goes on working.
  await page.goto("/profile/contact");
  await ready(page, true);
  await page.getByLabel("邮政编码").fill("310009");
  await expect(page.getByText("已保存", { exact: true })).toBeVisible();
});

test("the button that uploads a photo is there only where no script does it, and there it is enough", async ({ page }) => {
  await onContact(page);
  const photo = await portrait(page);
  const button = page.getByRole("button", { name: "上传照片" });
  await page.goto("/profile/basic");
  await ready(page, true);
  await expect(button).toBeHidden();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.reload();
  await page.getByLabel("户籍所在地").selectOption({ label: "浙江" });
  await uploadPhoto(page, false, photo);
  await expect(page.getByLabel("户籍所在地")).toHaveValue("33");
  await page.locator("#group button.primary").click();
  await expect(page).toHaveURL(/\/profile\/contact/);
});
