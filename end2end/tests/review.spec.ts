// A review with and without JavaScript, and on both engines: a record is returned, revised, corrected, verified, approved with a paper
// outstanding, signed, and cannot be changed any more. Then once more by keyboard alone, and in English.
import { type Locator, type Page } from "@playwright/test";
import { apply, axe, expect, language, login, ready, register, shot, somebody, staff, test, visit } from "./support";

/** A name that no other application has: Han digits behind a surname. */
const named = () => "赵" + [...String(Date.now() % 1e8)].map((digit) => "零一二三四五六七八九"[Number(digit)]).join("");
const paper = (page: Page, name: RegExp) => page.getByRole("group", { name });
const pass = async (page: Page) => {
  for (const group of await page.locator("fieldset.check-item").all()) await group.getByLabel("通过", { exact: true }).check();
};
const open = async (page: Page, name: string, hydrated: boolean) => {
  await page.goto("/admin");
  await ready(page, hydrated);
  await page.getByLabel("查找").fill(name);
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await ready(page, hydrated);
};

test("a record is returned, corrected, approved and signed", async ({ browser, page, hydrated, javaScriptEnabled }) => {
  const person = { ...somebody(), name: named() };
  await register(page, person, hydrated);
  await login(page, person);
  await apply(page, hydrated);
  const application = page.url();

  const office = await browser.newContext({ javaScriptEnabled, locale: "zh-CN" });
  const reviewer = await office.newPage();
  await reviewer.goto("/admin");
  await expect(reviewer).toHaveURL(/\/admin\/login\?next=\/admin/);
  await staff(reviewer, "e2e_site");
  await ready(reviewer, hydrated);
  if (hydrated) await axe(reviewer);
  await shot(reviewer, "review-queue");
  await open(reviewer, person.name, hydrated);
  await reviewer.getByRole("button", { name: "开始审核" }).click();
  await expect(reviewer.getByText("您正在审核")).toBeVisible();
  await ready(reviewer, hydrated);
  if (hydrated) await axe(reviewer);
  await shot(reviewer, "review-record");

  // A colleague sees who has it, and may not decide.
  const other = await browser.newContext({ javaScriptEnabled, locale: "zh-CN" });
  const colleague = await other.newPage();
  await staff(colleague, "e2e_other");
  await open(colleague, person.name, hydrated);
  await expect(colleague.getByText("e2e_site 正在审核")).toBeVisible();
  await pass(colleague);
  await colleague.getByRole("button", { name: "审核通过", exact: true }).click();
  await expect(colleague.locator("#review-status")).toContainText("另一位同事正在审核");
  await other.close();

  // Nothing assessed: the summary says what to do, and what was typed stays.
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("请至少勾选一项需要退回的内容或材料");
  await pass(reviewer);
  const mobile = reviewer.locator(".fact").filter({ hasText: "手机号码" });
  await mobile.getByRole("checkbox").check();
  await mobile.getByRole("textbox").fill("空号，打不通");
  const diploma = paper(reviewer, /毕业证书原件及复印件/);
  await diploma.getByLabel("退回", { exact: true }).check();
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("请选择原因");
  await expect(mobile.getByRole("textbox")).toHaveValue("空号，打不通");
  await shot(reviewer, "review-failing");
  if (hydrated) await axe(reviewer);
  await mobile.getByRole("combobox").selectOption({ label: "其他（见说明）" });
  await diploma.getByRole("combobox").selectOption({ label: "与填报内容不一致" });
  await reviewer.getByRole("button", { name: "退回修改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("已退回");

  // The candidate reads why, and mends only that.
  await page.goto(application);
  await expect(page.getByRole("heading", { name: "需要修改的内容" })).toBeVisible();
  await expect(page.getByText("空号，打不通")).toBeVisible();
  await shot(page, "review-candidate-returned");
  if (hydrated) await axe(page);
  await page.getByRole("link", { name: "去修改：基本情况" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "第 2 步" })).toBeVisible();
  await ready(page, hydrated);
  await expect(page.getByText("退回原因：其他（见说明）：空号，打不通")).toBeVisible();
  await expect(page.getByLabel("电子邮件")).toHaveAttribute("readonly", "");
  await shot(page, "review-candidate-mending");
  if (hydrated) await axe(page);
  await page.getByLabel("手机号码").fill("13900002222");
  await page.getByRole("button", { name: "保存并返回确认" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "第 7 步" })).toBeVisible();
  await ready(page, hydrated);
  // The entry's lock was given back with the return.
  await page.goto("/profile/education");
  await page.getByRole("link", { name: /修改：/ }).click();
  await ready(page, hydrated);
  await page.getByLabel("毕业证书编号").fill("103351202305000456");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("103351202305000456")).toBeVisible();
  await page.goto(application);
  await page.getByRole("link", { name: "核对并重新提交" }).click();
  await ready(page, hydrated);
  // What was declared before was declared of other answers.
  await expect(page.locator("#f-declaration")).not.toBeChecked();
  await page.locator("#f-declaration").check();
  await page.getByRole("button", { name: "重新提交" }).first().click();
  await expect(page.getByRole("heading", { name: "报名详情" })).toBeVisible();
  await expect(page.getByText("已提交", { exact: true })).toBeVisible();

  // The reviewer sees what changed, corrects the name, verifies the entry and approves with the diploma outstanding.
  await open(reviewer, person.name, hydrated);
  await expect(reviewer.getByText("原为：13900001111")).toBeVisible();
  await shot(reviewer, "review-changed");
  await reviewer.getByRole("button", { name: "开始审核" }).click();
  await expect(reviewer.getByText("您正在审核")).toBeVisible();
  await ready(reviewer, hydrated);
  await reviewer.getByRole("heading", { name: "更正身份信息" }).click();
  await reviewer.getByLabel("姓名", { exact: true }).fill(`${person.name}明`);
  await reviewer.getByRole("button", { name: "登记更正" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("请选择原因");
  await expect(reviewer.getByLabel("姓名", { exact: true })).toHaveValue(`${person.name}明`);
  await reviewer.getByLabel("原因", { exact: true }).selectOption({ label: "以所持证件为准" });
  await reviewer.getByRole("button", { name: "登记更正" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("更正已登记");
  await ready(reviewer, hydrated);
  await reviewer.getByRole("button", { name: /标为已验证/ }).click();
  await expect(reviewer.getByText("已验证", { exact: true })).toBeVisible();
  await ready(reviewer, hydrated);
  await reviewer.getByRole("button", { name: /取消验证/ }).click();
  await expect(reviewer.locator("#review-status")).toContainText("已取消验证");
  await ready(reviewer, hydrated);
  await pass(reviewer);
  const later = paper(reviewer, /毕业证书原件及复印件/);
  await later.getByLabel("暂缺，限期补交").check();
  await later.getByRole("combobox").selectOption({ label: "按规定可以稍后提交" });
  await later.getByRole("textbox", { name: /补交日期/ }).fill("2099-08-20");
  await reviewer.getByRole("button", { name: "审核通过", exact: true }).click();
  await expect(reviewer.locator("#review-status")).toContainText("审核通过。下一步");
  await ready(reviewer, hydrated);
  await shot(reviewer, "review-sign");
  if (hydrated) await axe(reviewer);

  // The form has a version and a code; only the latest is valid.
  const record = reviewer.url().split("?")[0];
  await reviewer.getByRole("link", { name: "打印申请表" }).first().click();
  await expect(reviewer.getByText("第 3 版")).toBeVisible();
  await expect(reviewer.getByRole("cell", { name: `${person.name}明` })).toBeVisible();
  await shot(reviewer, "review-form");
  if (hydrated) await axe(reviewer);
  const code = (await reviewer.locator(".proof .serial").innerText()).replaceAll(" ", "");
  await page.goto("/verify");
  await page.getByLabel("打印件上的编码").fill(code.toLowerCase());
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByText("没有更新的。")).toBeVisible();
  await expect(page.locator("main")).not.toContainText(person.name);
  await shot(page, "review-verify");
  if (hydrated) await axe(page);

  await reviewer.goto(record);
  await ready(reviewer, hydrated);
  await reviewer.getByRole("button", { name: "登记签字" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("请勾选后继续");
  await reviewer.getByLabel("考生已在第 3 版上签字").check();
  await reviewer.getByRole("button", { name: "登记签字" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("签字已登记");
  await ready(reviewer, hydrated);
  await expect(reviewer.getByRole("button", { name: "登记更正" })).toHaveCount(0);
  await expect(reviewer.getByRole("button", { name: "退回修改" })).toHaveCount(0);
  // A change that is posted all the same is refused.
  const token = (await reviewer.locator("html").getAttribute("data-page")) ?? "";
  const forced = await reviewer.request.post(record, {
    headers: { "sec-fetch-site": "same-origin" },
    form: { page: token, do: "correct", version: "99", name: person.name, document_type: "resident_id", document_number: person.number, ethnic_group: "01", reason: "by_document" },
  });
  expect(forced.status()).toBe(422);

  const area = await (await browser.newContext({ javaScriptEnabled, locale: "zh-CN" })).newPage();
  await staff(area, "e2e_area");
  await open(area, `${person.name}明`, hydrated);
  await area.getByRole("button", { name: "考区审核通过" }).click();
  await expect(area.locator("#review-status")).toContainText("考区审核通过");

  await page.goto(application);
  await expect(page.getByText("考区审核通过").first()).toBeVisible();
  await expect(page.getByText(`姓名由“${person.name}”改为“${person.name}明”`)).toBeVisible();
  await expect(page.getByText("最晚 2099-08-20 交到考点")).toBeVisible();
  await shot(page, "review-candidate-timeline");
  if (hydrated) await axe(page);
});

test("a site asks for a paper and says why, and the candidate reads it", async ({ browser, page, hydrated, javaScriptEnabled }) => {
  const person = { ...somebody(), name: named() };
  await register(page, person, hydrated);
  await login(page, person);
  await apply(page, hydrated);
  const application = page.url();
  const reviewer = await (await browser.newContext({ javaScriptEnabled, locale: "zh-CN" })).newPage();
  await staff(reviewer, "e2e_site");
  await open(reviewer, person.name, hydrated);
  await expect(paper(reviewer, /报考承诺书/)).toHaveCount(0);
  await reviewer.getByRole("heading", { name: "更改材料清单" }).click();
  await reviewer.getByLabel("更改", { exact: true }).selectOption({ label: "增加：《应届医学专业毕业生医师资格考试报考承诺书》（附6）" });
  await reviewer.getByLabel("更改的说明（考生可见）").fill("毕业未满一年");
  await reviewer.getByRole("button", { name: "登记更改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("更改的原因");
  await expect(reviewer.getByLabel("更改的说明（考生可见）")).toHaveValue("毕业未满一年");
  await shot(reviewer, "review-paper-refused");
  if (hydrated) await axe(reviewer);
  await reviewer.getByLabel("更改的原因").selectOption({ label: "属于应届毕业生" });
  await reviewer.getByRole("button", { name: "登记更改" }).click();
  await expect(reviewer.locator("#review-status")).toContainText("材料清单已更改");
  await ready(reviewer, hydrated);
  await expect(paper(reviewer, /报考承诺书/)).toHaveCount(1);
  await expect(reviewer.getByText("属于应届毕业生：毕业未满一年")).toBeVisible();
  await shot(reviewer, "review-paper-changed");
  if (hydrated) await axe(reviewer);
  await page.goto(application);
  await expect(page.getByRole("heading", { name: "考点对材料清单的更改" })).toBeVisible();
  await expect(page.getByText("属于应届毕业生：毕业未满一年")).toBeVisible();
  await shot(page, "review-candidate-papers");
  if (hydrated) await axe(page);
});

test("a record is approved and signed by keyboard alone", async ({ browser, page, hydrated }, info) => {
  test.skip(!hydrated || info.project.name !== "hydrated", "one keyboard is enough");
  const person = { ...somebody(), name: named() };
  await register(page, person, hydrated);
  await login(page, person);
  await apply(page, hydrated);

  const reviewer = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  const keys = reviewer.keyboard;
  const to = async (target: Locator) => {
    for (let n = 0; n < 400; n++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keys.press("Tab");
    }
    throw new Error("the keyboard does not get there");
  };
  const press = async (target: Locator) => { await to(target); await keys.press("Enter"); };
  await reviewer.goto("/admin/login");
  await to(reviewer.getByLabel("用户名"));
  await keys.type("e2e_site");
  await to(reviewer.getByLabel("密码", { exact: true }));
  await keys.type("Schreibtisch9");
  await keys.press("Enter");
  await expect(reviewer.getByRole("heading", { name: "审核队列" })).toBeVisible();
  await ready(reviewer, true);
  await to(reviewer.getByLabel("查找"));
  await keys.type(person.name);
  await keys.press("Enter");
  await press(reviewer.getByRole("link", { name: person.name }));
  await expect(reviewer.getByRole("heading", { level: 1, name: person.name })).toBeVisible();
  await press(reviewer.getByRole("button", { name: "开始审核" }));
  await expect(reviewer.getByText("您正在审核")).toBeVisible();
  for (const radio of await reviewer.locator("fieldset.check-item").getByLabel("通过", { exact: true }).all()) {
    await to(radio);
    await keys.press("Space");
  }
  await press(reviewer.getByRole("button", { name: "审核通过", exact: true }));
  await expect(reviewer.locator("#review-status")).toContainText("审核通过。下一步");
  await to(reviewer.getByLabel("考生已在第 1 版上签字"));
  await keys.press("Space");
  await press(reviewer.getByRole("button", { name: "登记签字" }));
  await expect(reviewer.locator("#review-status")).toContainText("签字已登记");
});

test("staff and candidates see and print what belongs to them, in English", async ({ browser, page, hydrated }) => {
  test.skip(test.info().project.name !== "hydrated", "one look is enough");
  const person = { ...somebody(), name: named() };
  await register(page, person, hydrated);
  await login(page, person);
  await apply(page, hydrated);
  const application = new URL(page.url()).pathname;
  const look = async (page: Page, path: string, name: string) => {
    await visit(page, path);
    await axe(page);
    await shot(page, `en-${name}`);
  };
  await language(page, "en");
  await look(page, application, "application");
  await look(page, `${application}/slip`, "slip");
  await look(page, "/", "home");
  await look(page, "/verify", "verify");
  // A name that is like none in the lists waits for the offices above the site.
  await page.goto("/names");
  await page.locator("select[name=name_kind]").selectOption("employer");
  await page.locator("input[name=missing_name]").fill(`浙江省英文医院${person.name}`);
  await page.locator("select[name=missing_region]").selectOption("33");
  await page.locator("form.sheet .actions button.primary").click();
  await expect(page.locator(".status.submitted")).toHaveCount(1);
  for (const office of ["site", "area", "centre"]) {
    const reviewer = await (await browser.newContext({ locale: "zh-CN" })).newPage();
    await staff(reviewer, `e2e_${office}`);
    if (office === "site") {
      await open(reviewer, person.name, hydrated);
      const record = new URL(reviewer.url()).pathname;
      await language(reviewer, "en");
      await look(reviewer, record, "review-record");
      await look(reviewer, `${record}/form`, "review-form");
    }
    await language(reviewer, "en");
    await look(reviewer, "/admin", `review-queue-${office}`);
    await look(reviewer, "/admin/dictionary", `review-names-${office}`);
    await expect(reviewer.locator("li.missing").filter({ hasText: person.name })).toHaveCount(office === "site" ? 0 : 1);
    await reviewer.context().close();
  }
});
