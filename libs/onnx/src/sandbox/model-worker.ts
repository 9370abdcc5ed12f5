import { open } from "node:fs/promises";
import { serveWorker } from "@cascade/sandbox";
import { OnnxError } from "../errors.ts";
import type { ModelDescription } from "../inspect/description.ts";
import { inspectModel } from "../inspect/inspect-model.ts";
import { defaultLimits } from "../inspect/limits.ts";
import { loadModel } from "../run/load-model.ts";
import type { InspectRequest, RunRequest, SandboxRun } from "./requests.ts";

// The child process of the model sandbox: everything that a hostile model could harm happens in here.
serveWorker({
  async inspect({ modelPath, limits }: InspectRequest): Promise<ModelDescription> {
    return inspectModel(await readModelFile(modelPath, limits?.sizeBytesMax), limits);
  },

  async run({ modelPath, columns, rowCount, limits }: RunRequest): Promise<SandboxRun> {
    const startedAt = performance.now();
    const bytes = await readModelFile(modelPath, limits?.sizeBytesMax);
    const model = await loadModel(bytes, { intraOpThreads: 1, ...(limits ? { limits } : {}) });
    const loadedAt = performance.now();
    try {
      const outputs = await model.run(columns, rowCount);
      return { outputs, loadMs: loadedAt - startedAt, runMs: performance.now() - loadedAt };
    } finally {
      await model.release();
    }
  },
});

/** Looks at the size before reading: a file above the limit is refused without filling the memory. */
async function readModelFile(path: string, sizeBytesMax = defaultLimits.sizeBytesMax): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > sizeBytesMax) throw new OnnxError("MODEL_TOO_LARGE", { found: `${size} bytes` });
    return await file.readFile();
  } finally {
    await file.close();
  }
}
