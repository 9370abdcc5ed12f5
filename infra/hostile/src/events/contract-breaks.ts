import { EvaluationPassedV1, PipelineSubmittedV1 } from "@cascade/contracts";
import { binary, type EventCase, goodData } from "./event-input.ts";

type Path = readonly (string | number)[];

/** Every place in a value: in lists only the first entry, since all have the same contract. */
function placesOf(value: unknown, path: Path = []): Path[] {
  const own = path.length === 0 ? [] : [path];
  if (Array.isArray(value)) return [...own, ...placesOf(value[0], [...path, 0])];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const parent = valueAt(copy, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent === "object" && parent !== null && last !== undefined) Reflect.set(parent, last, by);
  return copy;
}

/** A value of another type that careless code would still take for the right one. */
function lookalike(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") return { toString: value };
  if (Array.isArray(value)) return { ...value, length: value.length };
  return [value];
}

const passed = EvaluationPassedV1.example;
const asEvaluation = (data: unknown) =>
  binary(
    {},
    { definition: EvaluationPassedV1, source: "/services/evaluation", payload: JSON.stringify(data) },
  );

const lookalikes = placesOf(passed).map(
  (path): EventCase => ({
    name: `a lookalike at ${path.join(".")}`,
    row: 5,
    wanted: "EVENT_INVALID",
    message: asEvaluation(replaced(passed, path, lookalike(valueAt(passed, path)))),
  }),
);

const choices: readonly [Path, unknown][] = [
  [["candidate", "task"], "clustering"],
  [["primaryMetric"], "profit"],
  [["primaryMetric"], "toString"],
  [["candidate", "features", 0, "kind"], "Number"],
  [["candidate", "inputColumns", 0, "type"], "decimal"],
  [["lineage", "trigger", "kind"], "__proto__"],
];

const digest = passed.report.digest;
const hex = digest.slice("sha256:".length);
const digests: readonly [string, string][] = [
  ["in upper case", `sha256:${hex.toUpperCase()}`],
  ["of another algorithm", `sha1:${hex.slice(0, 40)}`],
  ["without its algorithm", hex],
  ["one digit short", digest.slice(0, -1)],
  ["one digit long", `${digest}a`],
  ["with a line break at its end", `${digest}\n`],
  ["with a blank before it", ` ${digest}`],
  ["that climbs out of a folder", "sha256:../../../../etc/passwd"],
  ["that climbs out behind percent signs", `sha256:%2e%2e%2f${hex.slice(9)}`],
  ["that climbs out twice encoded", `sha256:%252e%252e%252f${hex.slice(15)}`],
  ["with backslashes", `sha256:..\\..\\${hex.slice(6)}`],
  ["that is an absolute path", "/etc/passwd"],
  ["with a zero byte", `${digest.slice(0, -1)}\u0000`],
  ["in wide digits", `sha256:${"１".repeat(64)}`],
  ["of 10,000 characters", `sha256:${"a".repeat(10_000)}`],
];

const sizes: readonly [string, unknown][] = [
  ["negative", -1],
  ["a fraction", 1.5],
  ["more than a double counts", 2 ** 60],
  ["a text", "512"],
];

/** JSON that breaks the contract of its type in one place. */
export const contractCases: readonly EventCase[] = [
  ...lookalikes,
  ...choices.map(
    ([path, value]): EventCase => ({
      name: `${String(value)} as ${path.join(".")}`,
      row: 5,
      wanted: "EVENT_INVALID",
      message: asEvaluation(replaced(passed, path, value)),
    }),
  ),
  ...digests.map(
    ([name, value]): EventCase => ({
      name: `a digest ${name}`,
      row: name.includes("climbs") || name.includes("path") || name.includes("backslashes") ? 23 : 26,
      wanted: "EVENT_INVALID",
      message: asEvaluation(replaced(passed, ["report", "digest"], value)),
    }),
  ),
  ...sizes.map(
    ([name, value]): EventCase => ({
      name: `a size of bytes that is ${name}`,
      row: 26,
      wanted: "EVENT_INVALID",
      message: asEvaluation(replaced(passed, ["report", "sizeBytes"], value)),
    }),
  ),
  ...(["text", "by"] as const).map(
    (field): EventCase => ({
      name: `${PipelineSubmittedV1.type} without ${field}`,
      row: 5,
      wanted: "EVENT_INVALID",
      message: binary({}, { payload: JSON.stringify({ ...goodData, [field]: undefined }) }),
    }),
  ),
  ...(["text", "by", "fileName"] as const).flatMap((field): EventCase[] => [
    {
      name: `${field} with a zero character, which no database keeps`,
      row: 10,
      wanted: "handled",
      message: binary({}, { payload: JSON.stringify({ ...goodData, [field]: "a\u0000b" }) }),
    },
    {
      name: `${field} with half of a character`,
      row: 10,
      wanted: "handled",
      message: binary({}, { payload: JSON.stringify({ ...goodData, [field]: "a\ud800b" }) }),
    },
  ]),
];
