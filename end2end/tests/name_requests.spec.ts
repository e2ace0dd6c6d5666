// A name that is in no list, with and without JavaScript, and on both engines: similar names, a request with a file, the answer of the
// area, and the updated draft.
import { axe, expect, login, ready, register, shot, somebody, staff, test } from "./support";

/** A name that no other test asks for: Han digits behind that of a hospital which is in the list. */
const unknown = () => "浙江省人民医院" + [...String(Date.now() % 1e6)].map((digit) => "零一二三四五六七八九"[Number(digit)]).join("");
const pdf = { name: "licence.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nlicence\n%%EOF\n") };

test("a missing name is requested, added and filled into the draft", async ({ browser, page, hydrated, javaScriptEnabled }) => {
  const [person, name] = [somebody(), unknown()];
  await register(page, person, hydrated);
  await login(page, person);
  await page.goto("/profile/work");
  await ready(page, hydrated);
  await page.getByLabel("单位所在地区").selectOption({ label: "浙江" });
  await page.getByLabel("工作单位", { exact: true }).fill(name);
  // The Enter key does what the form is for, whatever other buttons stand in it.
  await page.getByLabel("职务").press("Enter");
  await expect(page.getByRole("alert")).toContainText("在岗情况");
  await expect(page).toHaveURL(/\/profile\/work$/);
  await ready(page, hydrated);
  await shot(page, "names-missed");
  await page.getByRole("button", { name: "名单里没有？申请添加" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "申请添加名称" })).toBeVisible();
  expect(decodeURIComponent(page.url())).not.toContain("浙江");
  await expect(page.getByLabel("要添加的名称")).toHaveValue(name);
  await expect(page.getByRole("heading", { name: "是不是这些？" })).toBeVisible();
  await expect(page.getByRole("button", { name: "用这个名称：浙江省人民医院", exact: true })).toBeVisible();
  if (hydrated) await axe(page);
  await shot(page, "names-ask");
  await page.getByLabel("证明材料").setInputFiles({ ...pdf, buffer: Buffer.from("<html>") });
  await page.getByRole("button", { name: "提交申请" }).click();
  await expect(page.getByRole("alert")).toContainText("请选择 jpg、png 图片或 PDF 文件");
  await expect(page.getByLabel("要添加的名称")).toHaveValue(name);
  if (hydrated) await axe(page);
  await shot(page, "names-failing");
  await page.getByLabel("证明材料").setInputFiles(pdf);
  await page.getByRole("button", { name: "提交申请" }).click();
  await expect(page.getByText("申请已提交")).toBeVisible();
  await shot(page, "names-asked");
  await page.getByRole("link", { name: "返回继续填写" }).first().click();
  await expect(page.getByText("申请添加这个名称")).toBeVisible();
  await ready(page, hydrated);
  await shot(page, "names-waiting");
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "我的名称申请" })).toBeVisible();
  await shot(page, "names-home");

  const office = await browser.newContext({ javaScriptEnabled, locale: "zh-CN" });
  const reviewer = await office.newPage();
  await staff(reviewer, "e2e_area");
  await reviewer.getByRole("link", { name: "名称申请" }).click();
  const card = reviewer.getByRole("listitem").filter({ has: reviewer.getByRole("checkbox", { name }) });
  await expect(card).toContainText("1 人申请，1 份草稿在等");
  if (hydrated) await axe(reviewer);
  await shot(reviewer, "names-queue");
  const [download] = await Promise.all([reviewer.waitForEvent("download"), card.getByRole("link", { name: "材料 1（PDF）" }).click()]);
  expect(download.suggestedFilename()).toBe("evidence.pdf");
  await card.getByRole("button", { name: `不添加：${name}` }).click();
  await expect(reviewer.getByRole("alert")).toContainText("请填写不添加的理由");
  if (hydrated) await axe(reviewer);
  await shot(reviewer, "names-queue-failing");
  await card.getByRole("radio", { name: /^浙江省人民医院/ }).check();
  await card.getByRole("button", { name: `并入所选：${name}` }).click();
  await expect(reviewer.getByText("已并入，答复了 1 份申请")).toBeVisible();
  await expect(reviewer.getByText(name)).toHaveCount(0);
  await shot(reviewer, "names-answered");
  await office.close();

  await page.goto("/profile/work");
  await ready(page, hydrated);
  await expect(page.getByLabel("工作单位", { exact: true })).toHaveValue("浙江省人民医院");
  await expect(page.getByText(`“${name}”就是“浙江省人民医院”，用到它的草稿已自动改用`)).toBeVisible();
  await shot(page, "names-completed");
});

test("a similar name that is chosen is filled into the form it was missing from", async ({ page, hydrated }) => {
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await page.goto("/profile/education/new");
  await ready(page, hydrated);
  await page.getByLabel("学历", { exact: true }).selectOption({ label: "本科" });
  await page.getByLabel("毕业学校", { exact: true }).fill("杭州浙江大学");
  await page.getByLabel("毕业年月").fill("2023-06");
  await page.locator(".field").filter({ has: page.getByLabel("毕业学校", { exact: true }) }).getByRole("button", { name: "名单里没有？申请添加" }).click();
  await page.getByRole("button", { name: "用这个名称：浙江大学", exact: true }).click();
  await expect(page).toHaveURL(/\/profile\/education\/[0-9a-f-]{36}#f-school$/);
  await ready(page, hydrated);
  await expect(page.getByLabel("毕业学校", { exact: true })).toHaveValue("浙江大学");
  await expect(page.getByLabel("毕业年月")).toHaveValue("2023-06");
  await expect(page.locator(".field.listed")).toHaveCount(1);
});

test("a cached list answers each key without a request", async ({ page, hydrated }) => {
  test.skip(!hydrated, "without script the server finds the entry");
  const person = somebody();
  await register(page, person, hydrated);
  await login(page, person);
  await page.goto("/profile/education/new");
  await ready(page, hydrated);
  await page.getByLabel("学历", { exact: true }).selectOption({ label: "本科" });
  const asked: string[] = [];
  page.on("request", (request) => { if (request.url().includes("/api/dictionary/school?")) asked.push(request.url()); });
  const school = page.getByLabel("毕业学校", { exact: true });
  await Promise.all([page.waitForResponse(/dictionary\/school\/all/), school.focus()]);
  const first = page.locator("#l-school").getByRole("option").first();
  await page.waitForLoadState("networkidle");
  await school.pressSequentially("zjdx");
  await expect(first).toContainText("浙江大学");
  await expect(first.locator("mark")).toHaveText("浙江大学");
  // Former names, slips and what is nowhere as the server says them.
  await school.fill("zhejiangdaxeu");
  await expect(first).toContainText("浙江大学");
  await school.fill("没有这个学校");
  await expect(page.getByText("没有找到；可以直接填写名称")).toHaveCount(1);
  expect(asked).toEqual([]);
  // From the key to the names in the page, in the frame that follows.
  const took = await school.evaluate(async (input: HTMLInputElement) => {
    const list = input.parentElement!.querySelector("ul")!;
    const all: number[] = [];
    for (let n = 0; n < 200; n++) {
      const name = ["bjdx", "zhejiang", "中医", "fudan", "x"][n % 5];
      const changed = new Promise<void>((resolve) => new MutationObserver((_, me) => { me.disconnect(); resolve(); }).observe(list, { childList: true, subtree: true, characterData: true }));
      const begun = performance.now();
      input.value = name;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await changed;
      all.push(performance.now() - begun);
    }
    return all.sort((a, b) => a - b);
  });
  console.log(`bench dictionary.key_to_list_p50 ${took[100].toFixed(2)} ms`);
  console.log(`bench dictionary.key_to_list_p99 ${took[198].toFixed(2)} ms`);
});
