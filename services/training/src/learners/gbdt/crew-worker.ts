import { parentPort, workerData } from "node:worker_threads";
import type { CrewOrder } from "./crew.ts";
import { CrewMember, step, word } from "./crew-member.ts";
import { openWasmKernel } from "./kernel.ts";
import { openTwinKernel } from "./kernel-twin.ts";
import { waitForChange } from "./spin-wait.ts";

// A thread of the crew: waits for the next generation, does its part, reports, until it is told to leave.
const { memory, layout, module, limits, member }: CrewOrder = workerData;
const kernel = module ? openWasmKernel(module, memory) : openTwinKernel(memory);
const self = new CrewMember(memory, layout, kernel, limits, member);
let generation = 0;
parentPort?.postMessage("ready");
for (;;) {
  generation = waitForChange(self.control, word.generation, generation);
  const what = self.control[word.step];
  if (what === step.leave) break;
  self.perform(what as Parameters<CrewMember["perform"]>[0], layout.memberCount);
  if (Atomics.sub(self.control, word.pending, 1) === 1) Atomics.notify(self.control, word.pending);
}
