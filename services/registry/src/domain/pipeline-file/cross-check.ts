import { PipelineSpec } from "@cascade/contracts";
import { type Issue, valueAt } from "./describe-issue.ts";
import type { Path } from "./file-problem.ts";

const roundsMax = 5;

/**
 * The contract compares sections with one another only once each of them is right in itself. So that a
 * typing error does not hide that the label is no column, what is wrong is cut out or stood in for, and the
 * comparisons are made on the rest. Only what holds for every stand-in is told.
 */
export function crossCheck(file: unknown, issues: readonly Issue[]): Issue[] {
  const [first = [], ...others] = columnTypes.flatMap((type) => compare(file, issues, type));
  return first.filter((issue) => others.every((list) => list.some((other) => key(other) === key(issue))));
}

const columnTypes = ["string", "timestamp"] as const;
const key = ({ path, message }: Issue) => JSON.stringify([path, message]);
const plain = (path: readonly PropertyKey[]): Path => path.filter((step) => typeof step !== "symbol");

/** The comparisons' findings for each way to stand in for what is missing. */
function compare(file: unknown, issues: readonly Issue[], columnType: string): Issue[][] {
  const repaired: unknown = structuredClone(file);
  const touched: Path[] = issues.map(({ path }) => plain(path));
  let wrong = issues.filter(isOfShape);
  for (let round = 0; round < roundsMax && wrong.length > 0; round++) {
    for (const issue of wrong) touched.push(repair(repaired, plain(issue.path), columnType));
    const [candidate] = standIns(repaired);
    wrong = (PipelineSpec.safeParse(candidate).error?.issues ?? []).filter(isOfShape);
  }
  return standIns(repaired).map((candidate) =>
    (PipelineSpec.safeParse(candidate).error?.issues ?? []).filter(
      ({ code, path }) => code === "custom" && !touched.some((other) => overlaps(plain(path), other)),
    ),
  );
}

const isOfShape = ({ code }: Issue) => code !== "custom" && code !== "unrecognized_keys";

/** Cuts a wrong setting out, or the one around it where it is missing; returns what was touched. */
function repair(file: unknown, path: Path, columnType: string): Path {
  const [section, part] = path;
  // Other settings refer to columns and features by name, so that these must stay.
  const named = part === "columns" && path.length >= 3;
  if (named && section === "data") return replace(file, path.slice(0, 3), columnType);
  if (named && section === "features") return replace(file, path.slice(0, 3), "1");
  const list = path.findIndex((step) => typeof step === "number");
  const present = list === -1 ? path : path.slice(0, list);
  if (valueAt(file, present) === undefined && standsIn(present)) return present;
  const target = valueAt(file, present) === undefined ? present.slice(0, -1) : present;
  const last = target.at(-1);
  const parent = valueAt(file, target.slice(0, -1));
  if (typeof parent === "object" && parent !== null && last !== undefined) {
    Reflect.deleteProperty(parent, last);
  }
  return target.length === 0 ? present : target;
}

function replace(file: unknown, path: Path, value: string): Path {
  const parent = valueAt(file, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent === "object" && parent !== null && last !== undefined) Reflect.set(parent, last, value);
  return path;
}

function overlaps(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => step === other[index]);
}

/** What is stood in for where it is missing, so that the section around it need not be cut. */
function standsIn(path: Path): boolean {
  return ["pipeline", "data.label", "features.view", "training.task"].includes(path.join("."));
}

/** Files in which the required settings that are missing have values, several where a value would matter. */
function standIns(file: unknown): unknown[] {
  const columns = valueAt(file, ["data", "columns"]);
  const labels = typeof columns === "object" && columns !== null ? Object.keys(columns).slice(0, 3) : [];
  const wanted: [Path, readonly string[]][] = [
    [["pipeline"], ["stand-in"]],
    [["data", "label"], labels],
    [["features", "view"], ["stand-in"]],
    [
      ["training", "task"],
      ["binary", "regression"],
    ],
  ];
  return wanted.reduce<unknown[]>(
    (files, [path, values]) =>
      valueAt(file, path) === undefined && values.length > 0
        ? files.flatMap((candidate) => values.map((value) => withValue(candidate, path, value)))
        : files,
    [file],
  );
}

function withValue(file: unknown, path: Path, value: string): unknown {
  const copy: unknown = structuredClone(file);
  replace(copy, path, value);
  return copy;
}
