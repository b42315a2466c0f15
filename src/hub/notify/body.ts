import type { Format } from "../../config/webhooks.ts";
import { formatInstant } from "../../lib/instant-text.ts";
import type { NoticeEvent } from "../../lib/notice-events.ts";
import type { Notice } from "./notice.ts";

/** What each event is called where people read it. */
const TITLES: Readonly<Record<NoticeEvent, string>> = {
  "guard-acted": "A guard took a variant back",
  "guard-alerted": "A guard has found a fault",
  "guard-granted": "A ramp has earned its next step",
  "guard-refused": "A guard could not act",
  "srm-alert": "A split does not divide as it should",
  edit: "A route was changed",
  drift: "A route was changed past its history",
  "publish-failed": "A change does not reach the gateways",
  "ramp-abandoned": "A ramp has stood still for a day",
  "lease-expired": "A canary's lease has expired",
};

/** Slack's mark-up knows three characters, and with them names of channels and people: https://docs.slack.dev/messaging/formatting-message-text */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function facts({ route, experiment, version }: Notice): readonly [string, string][] {
  return [
    ["Route", route],
    ...(experiment === undefined || experiment === route
      ? []
      : ([["Experiment", experiment]] as [string, string][])),
    ...(version === undefined ? [] : ([["Version", String(version)]] as [string, string][])),
  ];
}

/** The body of Standard Webhooks: what happened, when, and the figures as data. */
const json = ({ event, at, ...data }: Notice): unknown => ({
  type: event,
  timestamp: formatInstant(at),
  data,
});

const slack = (notice: Notice): unknown => ({
  text: [
    `*${TITLES[notice.event]}*`,
    escaped(notice.words),
    ...facts(notice).map(([name, value]) => `${name}: ${escaped(value)}`),
  ].join("\n"),
});

/** Runs of text, in which nothing is mark-up. */
const run = (text: string, isTitle = false): unknown => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", text, ...(isTitle ? { weight: "Bolder", size: "Medium" } : {}) }],
});

/** An adaptive card, as workflows of Microsoft Teams take it. */
const teams = (notice: Notice): unknown => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          run(TITLES[notice.event], true),
          run(notice.words),
          ...facts(notice).map(([name, value]) => run(`${name}: ${value}`)),
        ],
      },
    },
  ],
});

const BODIES: Readonly<Record<Format, (notice: Notice) => unknown>> = { json, slack, teams };

/** A notice as a receiver understands it. */
export const bodyOf = (notice: Notice, format: Format): string =>
  JSON.stringify(BODIES[format](notice));
