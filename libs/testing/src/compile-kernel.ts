import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

/**
 * Compiles the committed AssemblyScript source of a kernel, for the script that writes its binary and the test that
 * compares the two. `memory`: the compiler's options for the memory that the kernel works on.
 */
export async function compileKernel(source: URL, memory: readonly string[]): Promise<Uint8Array> {
  const text = readFileSync(source, "utf8");
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      "kernel.ts",
      ...["--outFile", "kernel.wasm", "-O3", "--converge", "--noAssert", "--runtime", "stub"],
      ...["--enable", "simd", "--importMemory", "--initialMemory", "1", ...memory],
    ],
    {
      // The source is not called .ts so that the project's own type check leaves it alone.
      readFile: (name: string) => (name === "kernel.ts" ? text : null),
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name === "kernel.wasm" && typeof contents !== "string") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary)
    throw new Error(`The kernel does not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}
