import { expect, test } from "vitest";
import { column } from "../testing/test-profile.ts";
import { shownTime } from "./html.ts";
import { reportPage } from "./report-page.ts";

const page = (changes: Partial<Parameters<typeof reportPage>[0]> = {}) =>
  reportPage({
    pipeline: "flights",
    datasetVersion: "sha256:ab",
    source: undefined,
    judgedAt: new Date("2026-01-02T03:04:05.678Z"),
    profile: { rowCount: 10, columns: [column("delay", {}), column("origin", {})] },
    findings: [],
    acceptedRows: 10,
    quarantinedRows: 0,
    ...changes,
  });

const hostile = [
  `<script>alert(1)</script>`,
  `"onload="x`,
  `</style><img src=x>`,
  "\u202egnp.exe",
  "a\0b\u001b[2J",
];

test("names and values from outside stay text", () => {
  const html = page({
    profile: {
      rowCount: 10,
      columns: hostile.map((name) =>
        column(name, {
          topValues: [{ value: name, count: 10 }],
          patterns: [{ pattern: name, share: 1 }],
          min: name,
        }),
      ),
    },
    findings: hostile.map((message) => ({
      expectation: { kind: "not-null", column: message },
      passed: false,
      failedRows: 1,
      message,
      origin: "declared",
      verdict: "violation",
      example: { row: 1, value: message },
    })),
  });
  expect(html.match(/<script|<img|onload="x|<\/style>/g)).toEqual(["</style>"]);
  expect(/[\p{Cc}\u202e]/u.test(html.replaceAll("\n", ""))).toBe(false);
  expect(html).toContain("&lt;script&gt;");
});

test("what is broken comes first, in the list and among the columns", () => {
  const common = { passed: false, failedRows: 3, origin: "declared" } as const;
  const html = page({
    findings: [
      { ...common, expectation: { kind: "row-count", min: 5 }, message: "few rows", verdict: "warning" },
      {
        ...common,
        expectation: { kind: "not-null", column: "origin" },
        message: "origin is missing",
        verdict: "violation",
      },
    ],
  });
  expect(html.indexOf("origin is missing")).toBeLessThan(html.indexOf("few rows"));
  expect(html.indexOf('class="broken"')).toBeLessThan(html.indexOf("<bdi>delay"));
});

test("a page of columns without values, without rows or of thousands is still a page", () => {
  const empty = column("nothing", { nulls: 10, distinct: 0 });
  const many = Array.from({ length: 10_000 }, (_, n) => column(`c${n}`, {}));
  expect(page({ profile: { rowCount: 0, columns: [] } })).toContain("0 rows of 0 columns");
  expect(page({ profile: { rowCount: 10, columns: [empty] } })).toContain("10 (100 %)");
  expect(page({ profile: { rowCount: 10, columns: many } })).toContain("9,500 more columns");
});

test("the page says when the batch was judged and what it came as", () => {
  expect(page()).toContain("<p>Judged 2026-01-02 03:04:05 UTC</p>");
  expect(page({ source: "week 1: file:///in/<a>.csv" })).toContain(
    "<bdi>week 1: file:///in/&lt;a&gt;.csv</bdi>",
  );
});

test.each([
  ["2026-01-02T00:00:00.000Z", "2026-01-02"],
  ["2026-01-02T03:04:00Z", "2026-01-02 03:04"],
  ["2026-01-02T03:04:05.120300Z", "2026-01-02 03:04:05.1203"],
  ["tomorrow", "tomorrow"],
])("the time %s is shown as %s", (value, wanted) => {
  expect(shownTime(value)).toBe(wanted);
});

test("texts that look like times are shown as they are", () => {
  const text = "2026-01-02T00:00:00.000Z";
  const topValues = [{ value: text, count: 10 }];
  const [time, plain] = (["timestamp", "string"] as const).map((type) =>
    page({ profile: { rowCount: 10, columns: [column("at", { type, topValues })] } }),
  );
  expect(time).not.toContain(text);
  expect(plain).toContain(text);
});
