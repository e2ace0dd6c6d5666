// Whether the HTML of a page is valid, as the server sends it.
import { HtmlValidate } from "html-validate";
import type { Page } from "@playwright/test";

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // How text is laid out in the source is the renderer's.
    "no-trailing-whitespace": "off",
    "no-inline-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "void-style": "off",
    "long-title": "off",
    "doctype-style": "off",
    // Scripts have a nonce and names with a hash of their content.
    "require-sri": "off",
  },
});
// Markers of the renderer between texts, which browsers read as empty comments.
const without = (html: string) => html.replaceAll("<!>", "");

/** What is wrong with the HTML of a page, a line each. */
export async function faults(page: Page, path: string): Promise<string[]> {
  const html = await (await page.request.get(path)).text();
  const { results } = await validator.validateString(without(html));
  return results.flatMap(({ messages }) => messages.map((m) => `${path} ${m.line}:${m.column} ${m.ruleId}: ${m.message} ${m.selector ?? ""}`));
}
