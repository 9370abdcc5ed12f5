import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SplitLimits } from "./best-split.ts";
import { CrewMember, type Step, step, word } from "./crew-member.ts";
import { loadKernelModule, openWasmKernel } from "./kernel.ts";
import { openTwinKernel } from "./kernel-twin.ts";
import type { MemoryLayout } from "./memory-layout.ts";
import { waitForChange } from "./spin-wait.ts";

/** What a thread is started with. */
export interface CrewOrder {
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  readonly module: WebAssembly.Module | null;
  readonly limits: SplitLimits;
  readonly member: number;
}

export type KernelChoice = "wasm" | "twin";

/** Below this much work in one step, waking the others costs more than they save. */
const sharedWorkMin = 6000;

/** The threads that train one model over one shared memory; the calling thread is the first of them. */
export class Crew {
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  readonly first: CrewMember;
  readonly #workers: Worker[] = [];
  readonly #started: Promise<unknown>[] = [];

  constructor(layout: MemoryLayout, limits: SplitLimits, choice: KernelChoice) {
    const pages = Math.ceil(layout.byteLength / 65_536);
    this.layout = layout;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
    const module = choice === "wasm" ? loadKernelModule() : null;
    const kernel = module ? openWasmKernel(module, this.memory) : openTwinKernel(this.memory);
    this.first = new CrewMember(this.memory, layout, kernel, limits, 0);
    for (let member = 1; member < layout.memberCount; member++) {
      const workerData: CrewOrder = { memory: this.memory, layout, module, limits, member };
      const worker = new Worker(new URL("./crew-worker.ts", import.meta.url), { workerData });
      // `once` rejects when the thread fails first; whoever awaits ready() learns of it.
      const started = once(worker, "message");
      started.catch(() => undefined);
      this.#started.push(started);
      this.#workers.push(worker);
    }
  }

  /** Resolves when every thread is there: from then on this thread blocks and could not see one fail. */
  async ready(): Promise<void> {
    await Promise.all(this.#started);
  }

  /** Does one step; returns by how many members it was shared. */
  perform(what: Step, work: number, ...args: readonly number[]): number {
    const { control } = this.first;
    control.set(args, word.argument);
    const members = work < sharedWorkMin ? 1 : this.layout.memberCount;
    if (members > 1) this.#announce(what);
    this.first.perform(what, members);
    for (let left = members > 1 ? -1 : 0; left !== 0; ) left = waitForPending(control);
    return members;
  }

  /** Ends the threads. */
  async dismiss(): Promise<void> {
    if (this.layout.memberCount > 1) this.#announce(step.leave);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #announce(what: Step): void {
    const { control } = this.first;
    control[word.step] = what;
    Atomics.store(control, word.pending, this.layout.memberCount - 1);
    Atomics.add(control, word.generation, 1);
    Atomics.notify(control, word.generation);
  }
}

function waitForPending(control: Int32Array): number {
  const pending = Atomics.load(control, word.pending);
  return pending === 0 ? 0 : waitForChange(control, word.pending, pending);
}
