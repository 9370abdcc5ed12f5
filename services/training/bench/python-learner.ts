import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./learners.py", import.meta.url));

export const libraries = ["scikit-learn", "xgboost", "lightgbm"] as const;
export type Library = (typeof libraries)[number];

/** What every learner is asked alike; files hold float32 column by column, the label last. */
export interface FitOrder {
  readonly train: string;
  readonly fresh: string;
  /** Where the answers for the fresh rows go, as float64. */
  readonly answers: string;
  readonly columns: number;
  readonly trees: number;
  readonly leaves: number;
  readonly rate: number;
  readonly l2: number;
  readonly leafRows: number;
  readonly childWeight: number;
  readonly threads: number;
}

/** What the fit alone takes; processor time depends less on what else the machine does. */
export interface FitTime {
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** A library that waits for orders in a process of its own, with its imports done. */
export interface PythonLearner extends AsyncDisposable {
  readonly library: Library;
  fit(order: FitOrder): Promise<FitTime>;
}

/** Starts a library, or says why it cannot: CASCADE_BENCH_PYTHON names a Python that has it. */
export async function startPythonLearner(library: Library): Promise<PythonLearner | { skipped: string }> {
  const python = process.env.CASCADE_BENCH_PYTHON;
  if (python === undefined) return { skipped: "CASCADE_BENCH_PYTHON does not name a Python that has it" };
  const child = spawn(python, [script, library], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  const ended = once(child, "exit").catch((error: unknown) => {
    complaint = String(error);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const reason = () => complaint.trim().split("\n").at(-1) || "it ended without a word";
  const answer = async (): Promise<string | undefined> => (await lines.next()).value;
  if ((await answer()) === undefined) {
    await ended;
    return { skipped: reason() };
  }
  return {
    library,
    async fit(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const text = await answer();
      if (text === undefined) throw new Error(`${library} has failed: ${reason()}`);
      return JSON.parse(text);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
