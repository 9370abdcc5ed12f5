import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

export interface ProgramEnd {
  readonly exitCode: number;
  readonly stderr: string;
}

/** A working folder as an executor would prepare it. */
export class TrainerFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<TrainerFolder> {
    return new TrainerFolder(await mkdtemp(join(tmpdir(), "cascade-trainer-")));
  }

  /** Writes the rows of a query as one of the Parquet files. */
  async parquet(part: "train" | "validation", sql: string): Promise<void> {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    try {
      await connection.run("SELECT setseed(0.5)");
      await connection.run(`COPY (${sql}) TO '${join(this.path, `${part}.parquet`)}' (FORMAT parquet)`);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  async request(change: object): Promise<void> {
    const request = {
      version: 1,
      task: "binary",
      label: "y",
      columns: [],
      parameters: {},
      seed: 1,
      timeLimitMs: 60_000,
    };
    await writeFile(join(this.path, "request.json"), JSON.stringify({ ...request, ...change }));
  }

  /** Starts a trainer program as an executor does: in the folder, without arguments. */
  async run(program: "gbdt" | "linear"): Promise<ProgramEnd> {
    const file = fileURLToPath(new URL(`../${program}.ts`, import.meta.url));
    return new Promise((resolve) => {
      execFile(process.execPath, [file], { cwd: this.path, env: {} }, (error, _stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stderr });
      });
    });
  }

  bytes(name: string): Promise<Uint8Array> {
    return readFile(join(this.path, name));
  }

  async json(name: string) {
    return JSON.parse(await readFile(join(this.path, name), "utf8"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}
