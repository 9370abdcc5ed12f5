import { type Environment, runProgram } from "../run-program.ts";

export interface NatsServerBinary {
  readonly path: string;
  /** Such as 2.15.1. */
  readonly version: string;
}

/** Before 2.10 a broker can neither flush every write to disk nor recover a consumer that is ahead of its stream. */
const oldestMajor = 2;
const oldestMinor = 10;

/** Runs the server to learn its version; throws where it does not run or is too old. */
export async function inspectNatsBinary(path: string, environment: Environment): Promise<NatsServerBinary> {
  const printed = await runProgram(path, ["--version"], { environment, timeoutMs: 10_000 });
  const [, version, major, minor] = /v?((\d+)\.(\d+)\.\d+\S*)/.exec(printed) ?? [];
  if (version === undefined) throw new Error(`${path} does not print a version: ${printed.slice(0, 100)}`);
  const isNewEnough =
    Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  if (!isNewEnough) {
    throw new Error(`${path} is ${version}, too old: ${oldestMajor}.${oldestMinor} or newer is needed`);
  }
  return { path, version };
}
