import { compileKernel as compile } from "@cascade/testing/compile-kernel";

/** Compiles the committed source of the kernel. A test compares the result with the committed binary. */
export const compileKernel = (): Promise<Uint8Array> =>
  compile(new URL("./kernel.as", import.meta.url), [
    "--enable",
    "threads",
    "--sharedMemory",
    "--maximumMemory",
    "65536",
  ]);
