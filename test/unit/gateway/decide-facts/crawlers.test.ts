import { isbot } from "isbot";
import { expect, test } from "vitest";
import { isCrawler, MAX_AGENTS } from "../../../../src/gateway/decide-facts/crawlers.ts";

const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

test.each([
  [CRAWLER, true],
  [BROWSER, false],
  ["curl/8.14.1", true],
  ["", false],
  [null, false],
  [`${CRAWLER}${" x".repeat(300)}`, true],
  [`${BROWSER}${" x".repeat(600)} Googlebot/2.1`, false],
])("%j declares a crawler: %j, asked once or twice", (agent, is) => {
  expect([isCrawler(agent), isCrawler(agent)]).toEqual([is, is]);
});

test("the verdict stays right, however many programs come", () => {
  for (let index = 0; index < 2 * MAX_AGENTS + 2; index += 1) {
    const agent = `${index % 3 === 0 ? CRAWLER : BROWSER} ${index}`;
    expect(isCrawler(agent)).toBe(isbot(agent));
  }
  expect([isCrawler(CRAWLER), isCrawler(BROWSER)]).toEqual([true, false]);
});
