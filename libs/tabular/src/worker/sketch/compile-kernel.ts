import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const sourceUrl = new URL("./kernel.as", import.meta.url);

/** Compiles the committed source of the kernel. A test compares the result with the committed binary. */
export async function compileKernel(): Promise<Uint8Array> {
  const source = readFileSync(sourceUrl, "utf8");
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      "kernel.ts",
      ...["--outFile", "kernel.wasm", "-O3", "--converge", "--noAssert", "--runtime", "stub"],
      ...["--enable", "simd", "--importMemory", "--initialMemory", "1"],
    ],
    {
      // The source is not called .ts so that the project's own type check leaves it alone.
      readFile: (name: string) => (name === "kernel.ts" ? source : null),
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
