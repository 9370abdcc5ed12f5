import { writeFileSync } from "node:fs";
import { compileKernel } from "./compile-kernel.ts";

// Run after a change of kernel.as: node libs/tabular/src/worker/sketch/build-kernel.ts
writeFileSync(new URL("./kernel.wasm", import.meta.url), await compileKernel());
