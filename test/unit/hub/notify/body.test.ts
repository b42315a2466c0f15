import { describe, expect, test } from "vitest";

import { bodyOf } from "../../../../src/hub/notify/body.ts";
import type { Notice } from "../../../../src/hub/notify/notice.ts";
import { NOTICE_EVENTS } from "../../../../src/lib/notice-events.ts";

const HOSTILE = "<!channel> <https://evil.example|click> & *bold* [x](https://evil.example)";

const notice = (change: Partial<Notice> = {}): Notice => ({
  event: "guard-acted",
  route: "shop",
  experiment: "checkout",
  at: 1_800_000_000_000,
  words: "12 of 240 visitors of canary had a failure.",
  version: 8,
  ...change,
});

describe("a body", () => {
  test.each(NOTICE_EVENTS)("for Slack tells of %s in words", (event) => {
    const { text } = JSON.parse(bodyOf(notice({ event }), "slack")) as { text: string };
    expect(text).toMatch(
      /^\*[A-Z].*\*\n12 of 240 .*\nRoute: shop\nExperiment: checkout\nVersion: 8$/,
    );
  });

  test("for Slack holds no mention and no link that a name brought", () => {
    const { text } = JSON.parse(bodyOf(notice({ words: HOSTILE }), "slack")) as { text: string };
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain("&lt;!channel&gt;");
  });

  test("for Teams is an adaptive card of plain runs of text", () => {
    const card = JSON.parse(bodyOf(notice({ words: HOSTILE }), "teams")) as {
      attachments: { contentType: string; content: { body: { type: string }[] } }[];
    };
    const [attachment] = card.attachments;
    expect(attachment?.contentType).toBe("application/vnd.microsoft.card.adaptive");
    // A TextBlock would read Markdown.
    expect(new Set(attachment?.content.body.map(({ type }) => type))).toEqual(
      new Set(["RichTextBlock"]),
    );
    expect(JSON.stringify(card)).toContain("[x](https://evil.example)");
  });

  test("leaves out what there is not, and an experiment that is called like its route", () => {
    const { version: _version, ...rest } = notice({ experiment: "shop" });
    const { text } = JSON.parse(bodyOf(rest, "slack")) as { text: string };
    expect(text).toMatch(/\nRoute: shop$/);
  });
});
