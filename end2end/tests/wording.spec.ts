// What a browser makes of the sentences: where the focus is after a save, what comes and goes with script, that no date is broken, and
// the question before a draft changes its category.
import { axe, expect, login, narrow, ready, register, residentNumber, shot, somebody, test, visit } from "./support";

test("after a save the focus is on what was saved, which goes once something is wrong", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await visit(page, "/profile/contact");
  await expect(page.getByText("输入停顿一秒后自动保存草稿。")).toBeVisible();
  await page.getByLabel("手机号码").fill("13800138000");
  await page.getByLabel("家庭电话").fill("+852 2527 8285");
  await page.getByLabel("电子邮件").fill("zhao@example.com");
  await page.getByLabel("联系地址").fill("浙江省杭州市解放路1号");
  await page.getByLabel("邮政编码").fill("310009");
  await expect(page.getByLabel("家庭电话")).toHaveValue("+852 2527 8285");
  await shot(page, "wording-contact");
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(page).toHaveURL(/saved=contact/);
  await ready(page, true);
  const done = page.getByRole("status").filter({ hasText: "联系方式已保存。" });
  await expect(done).toBeFocused();
  await shot(page, "wording-saved");
  await axe(page);
  await page.getByRole("button", { name: "提交", exact: true }).click();
  await expect(page.locator("#summary")).toBeFocused();
  await expect(done).toHaveCount(0);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("nothing is promised that script alone does", async ({ page }) => {
    const person = somebody();
    await register(page, person, false);
    await login(page, person);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto("/profile/basic");
      await expect(page.getByText("自动保存")).toBeHidden();
      await expect(page.getByText("压缩")).toBeHidden();
      await expect(page.getByText("按“提交”后这一组才算完成")).toBeVisible();
      await narrow(page);
    }
  });

  test("a registration that is refused asks for password and answer again, and says why", async ({ page }) => {
    const person = somebody();
    await register(page, person, false);
    const other = { ...somebody(), username: person.username, number: residentNumber() };
    await page.goto("/register");
    await page.getByLabel("用户名").fill(other.username);
    await page.getByLabel("密码", { exact: true }).fill(other.password);
    await page.getByLabel("再次输入密码").fill(other.password);
    await page.getByLabel("证件类型").selectOption({ label: "居民身份证" });
    await page.getByLabel("证件号码").fill(other.number);
    await page.getByLabel("姓名").fill(other.name);
    await page.getByLabel("民族").selectOption({ label: "汉族" });
    await page.getByLabel("密码找回问题").fill("第一所学校的名字");
    await page.getByLabel("密码找回答案").fill("解放路小学");
    await page.getByRole("button", { name: "注册", exact: true }).click();
    await expect(page.getByText("为安全起见，密码和密码找回答案没有保留")).toHaveCount(1);
    await expect(page.getByText("请填写密码")).toHaveCount(0);
    await shot(page, "wording-registration");
  });
});

test("a draft keeps its category until the question about it is answered, and dates stay whole", async ({ page }) => {
  const person = somebody();
  await register(page, person, true);
  await login(page, person);
  await visit(page, "/exams/catalogue");
  await page.getByRole("button", { name: "报名：临床执业医师" }).click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  await visit(page, "/exams/catalogue");
  await shot(page, "wording-catalogue");
  await page.getByRole("button", { name: "报名：口腔执业医师" }).click();
  await expect(page.getByRole("heading", { name: "改变草稿的报考类别？" })).toBeVisible();
  await shot(page, "wording-question");
  await axe(page);
  await page.getByRole("link", { name: "不改，继续填写草稿" }).click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  await visit(page, "/exams/catalogue");
  await page.getByRole("button", { name: "报名：口腔执业医师" }).click();
  await page.getByRole("button", { name: "改为新的类别" }).click();
  await expect(page).toHaveURL(/\/applications\/.*\/category/);
  await visit(page, "/exams");
  await expect(page.getByText("口腔执业医师").first()).toBeVisible();
  // At any width a date is one piece of one line.
  for (const path of ["/", "/exams", "/exams/catalogue"]) {
    await visit(page, path);
    for (let width = 320; width < 480; width += 20) {
      await page.setViewportSize({ width, height: 844 });
      const broken = await page.locator("main time").evaluateAll((all) => all.filter((one) => one.getClientRects().length > 1).map((one) => one.textContent));
      expect(broken, `${path} ${width}`).toEqual([]);
    }
    await shot(page, `wording${path.replaceAll("/", "-")}`);
  }
});
