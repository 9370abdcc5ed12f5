import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";

const LINE_MAX = 16_384;
const TAIL_KEPT = 4_096;
const CONTROL_CHARACTERS = /[^\P{Cc}\t]/gu;

export type OutputName = "stdout" | "stderr";
export type ProgramLogOptions = {
  /** Open for writing; closed with the log. */
  readonly file: FileHandle;
  readonly limitBytes: number;
  readonly onLine?: ((line: string, output: OutputName) => void) | undefined;
  readonly onLimit: () => void;
  readonly onError: (error: unknown) => void;
};

/**
 * Writes the output of a program to a file, line by line: whole lines of both outputs in the order of their
 * arrival, without terminal escapes (a log is shown to people), never more bytes than the limit.
 */
export class ProgramLog {
  #tail = "";
  #bytes = 0;
  #full = false;
  readonly #options: ProgramLogOptions;
  readonly #file: ReturnType<FileHandle["createWriteStream"]>;

  constructor(options: ProgramLogOptions) {
    this.#options = options;
    this.#file = options.file.createWriteStream();
    this.#file.on("error", options.onError);
  }

  get tail(): string {
    return this.#tail;
  }

  follow(output: OutputName, stream: Readable): void {
    const decoder = new StringDecoder("utf8");
    let pending = "";
    stream.on("data", (chunk: Buffer) => {
      if (this.#full) return; // Read on and drop, so that the program is not stuck in a write while it is stopped.
      this.#bytes += chunk.length;
      if (this.#bytes > this.#options.limitBytes) return this.#reachLimit();
      // A carriage return alone is how progress bars start over; each state becomes a line.
      const lines = (pending + decoder.write(chunk)).split(/\r\n|\n|\r(?!$)/);
      pending = lines.pop() ?? "";
      for (const line of lines) this.#writeLine(line, output);
      while (pending.length > LINE_MAX) {
        this.#writeLine(pending.slice(0, LINE_MAX), output);
        pending = pending.slice(LINE_MAX);
      }
      if (this.#file.writableNeedDrain) {
        stream.pause();
        this.#file.once("drain", () => stream.resume());
      }
    });
    stream.once("end", () => {
      pending += decoder.end();
      if (pending !== "" && !this.#full) this.#writeLine(pending, output);
    });
  }

  async close(): Promise<void> {
    this.#file.end();
    await finished(this.#file).catch(() => undefined); // Its error went to onError already.
  }

  #reachLimit(): void {
    this.#full = true;
    this.#append(
      `The program wrote more than ${this.#options.limitBytes} bytes and was stopped. Raise logLimitBytes to allow more.`,
    );
    this.#options.onLimit();
  }

  #writeLine(raw: string, output: OutputName): void {
    const line = stripVTControlCharacters(raw).replace(CONTROL_CHARACTERS, "");
    this.#append(line);
    try {
      this.#options.onLine?.(line, output);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #append(line: string): void {
    this.#tail = `${this.#tail}${line}\n`.slice(-TAIL_KEPT);
    if (!this.#file.destroyed) this.#file.write(`${line}\n`);
  }
}
