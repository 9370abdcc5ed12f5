import { PipelineSpec } from "@cascade/contracts";
import { checkCycles } from "./check-cycles.ts";
import { checkSchedule } from "./check-schedule.ts";
import { crossCheck } from "./cross-check.ts";
import { describeIssue, type Issue } from "./describe-issue.ts";
import { type FileProblem, formatPath, type Path, show } from "./file-problem.ts";
import { defaultFileLimits, type FileLimits } from "./limits.ts";
import { parseYaml } from "./parse-yaml.ts";
import { readValue } from "./read-value.ts";
import { readSpecOutline } from "./spec-outline.ts";

export type ReadFile =
  | {
      readonly status: "valid";
      readonly spec: PipelineSpec;
      /** The same file with mistakes that only another look at its settings has shown. */
      refuse(mistakes: readonly Mistake[]): ReadFile;
    }
  | { readonly status: "refused"; readonly problems: readonly FileProblem[] };

/** A mistake in the value of a setting. */
export interface Mistake {
  readonly path: Path;
  readonly message: string;
}

/** The name that a file is submitted under when it is too broken to say its own. */
export const nameOfUnnamed = "unnamed";

/** Reads a pipeline file as a person wrote it: the whole specification, or every mistake with its place. */
export function readPipelineFile(
  text: string,
  submittedAs: string,
  limits: FileLimits = defaultFileLimits,
): ReadFile {
  const { document, problems: syntax, at } = parseYaml(text, limits);
  if (document === undefined || syntax.length > 0) return refused(syntax, limits);
  const { value, problems: reading, places } = readValue(document, at, limits);
  // Missing keys and the like would only be echoes of a file that is no mapping.
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = `a pipeline file is a mapping that begins with "pipeline: <name>", not ${show(value)}`;
    return refused([...reading, { line: 1, column: 1, path: "", message }], limits);
  }

  const result = PipelineSpec.safeParse(value, { reportInput: true });
  const issues = withoutEchoes(result.error?.issues ?? []);
  const all = [...issues, ...(issues.length === 0 ? [] : crossCheck(value, issues))];
  const outline = all.length === 0 ? undefined : readSpecOutline();
  const described = all.flatMap((issue) =>
    outline === undefined ? [] : describeIssue(issue, [], value, outline),
  );
  described.push(...checkSchedule(value, described), ...(result.success ? checkCycles(result.data) : []));
  const name = Reflect.get(value, "pipeline");
  if (typeof name === "string" && name !== submittedAs && submittedAs !== nameOfUnnamed) {
    described.push({
      path: ["pipeline"],
      part: "value",
      message: `is ${show(name)}, but the file was submitted as ${show(submittedAs)}: submit it under its own name`,
    });
  }
  const placed = (path: Path, part: "value" | "key", message: string): FileProblem => ({
    ...at(places.find(path, part)),
    path: formatPath(path),
    message,
  });
  const found = described.map(({ path, part, message }) => placed(path, part, message));
  const problems = [...reading, ...found];
  const bytes = result.success ? Buffer.byteLength(JSON.stringify(result.data)) : 0;
  if (bytes > limits.specBytesMax) {
    const message = `the specification has ${bytes} bytes in full; at most ${limits.specBytesMax} can be told to the services`;
    problems.push({ line: 1, column: 1, path: "", message });
  }
  if (!result.success || problems.length > 0) return refused(problems, limits);
  return {
    status: "valid",
    spec: result.data,
    refuse: (mistakes) =>
      refused(
        mistakes.map(({ path, message }) => placed(path, "value", message)),
        limits,
      ),
  };
}

/** What is said of a mapping as a whole is an echo where one of its keys is misspelt. */
function withoutEchoes(issues: readonly Issue[]): Issue[] {
  const misspelt = new Set(
    issues.flatMap(({ code, path }) => (code === "unrecognized_keys" ? [formatIssuePath(path)] : [])),
  );
  return issues.filter(({ code, path }) => code !== "custom" || !misspelt.has(formatIssuePath(path)));
}

const formatIssuePath = (path: readonly PropertyKey[]) => path.map(String).join(".");

const messageCharactersMax = 1000;

/** In the order of the file, each once, and no more than fit into an event. */
function refused(problems: readonly FileProblem[], limits: FileLimits): ReadFile {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const sorted = [...unique.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
  const listed: FileProblem[] = [];
  let bytes = 0;
  for (const problem of sorted.slice(0, limits.problemsMax)) {
    const short = {
      ...problem,
      path: problem.path.slice(0, messageCharactersMax),
      message: problem.message.slice(0, messageCharactersMax),
    };
    bytes += Buffer.byteLength(JSON.stringify(short));
    // The first one always fits: it is far smaller than an event may be.
    if (bytes > limits.problemBytesMax && listed.length > 0) break;
    listed.push(short);
  }
  const last = listed.at(-1);
  if (last !== undefined && sorted.length > listed.length) {
    const message = `and ${sorted.length - listed.length} further problems after this one`;
    listed.push({ line: last.line, column: last.column, path: "", message });
  }
  return { status: "refused", problems: listed };
}
