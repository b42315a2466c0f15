import { expect, test } from "vitest";

import type { ControlEnv } from "../../../src/config/control.ts";
import { readWebhooks } from "../../../src/config/webhooks.ts";
import { bodyOf } from "../../../src/hub/notify/body.ts";
import type { Notice } from "../../../src/hub/notify/notice.ts";
import { NOTICE_EVENTS } from "../../../src/lib/notice-events.ts";
import { blocksOf, codeIn, page, tableOf } from "./markdown.ts";

const notices = page("docs/notices.md");
const [secret = "", body = ""] = blocksOf(notices, "json").map(({ text }) => text);

test("the example is a valid secret", () => {
  const { receivers, faults } = readWebhooks({ WEBHOOKS: secret } as ControlEnv);
  expect(faults).toEqual([]);
  expect([...receivers.keys()]).toEqual(["ops", "release-chat"]);
});

test("every field and every event is listed, and no other", () => {
  const named = (header: string) =>
    tableOf(notices, header).rows.flatMap(([name = ""]) => codeIn(name));
  expect(named("event")).toEqual([...NOTICE_EVENTS]);
  const { faults } = readWebhooks({ WEBHOOKS: '{"a":{"x":1}}' } as ControlEnv);
  expect(faults.join(" ")).toContain(named("field").join(", "));
});

test("the body is the one that is sent", () => {
  const { type, timestamp, data } = JSON.parse(body) as {
    type: Notice["event"];
    timestamp: string;
    data: Omit<Notice, "event" | "at">;
  };
  const notice = { event: type, at: Date.parse(timestamp), ...data };
  expect(JSON.parse(bodyOf(notice, "json"))).toEqual(JSON.parse(body));
});
