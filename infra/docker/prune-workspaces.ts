import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// node prune-workspaces.ts WORKSPACE REPOSITORY TARGET
// Leaves in TARGET/source the workspaces that a workspace such as services/serving runs with, and in TARGET/manifests what npm needs to
// install their packages. Development dependencies are taken out of the manifests, because npm would install
// those of every workspace that another one links.
interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly workspaces?: readonly string[];
}

const [workspace, repository, target] = process.argv.slice(2);
if (workspace === undefined || workspace.endsWith("/") || repository === undefined || target === undefined) {
  throw new Error("Say which service: --build-arg SERVICE=serving");
}

const scope = "@cascade/";
const libraries = readdirSync(join(repository, "libs")).map((name) => `libs/${name}`);
const places = new Map(["contracts", ...libraries].map((place) => [read(place).name, place]));

const kept = new Set<string>();
keep(workspace);

const { devDependencies: _, ...root } = read(".");
write(".", { ...root, workspaces: [...kept] });
cpSync(join(repository, "package-lock.json"), join(target, "manifests/package-lock.json"));

function keep(place: string): void {
  if (kept.has(place)) return;
  kept.add(place);
  const { devDependencies: _, ...manifest } = read(place);
  cpSync(join(repository, place), join(target, "source", place), { recursive: true });
  write(place, manifest);
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!name.startsWith(scope)) continue;
    const next = places.get(name);
    if (next === undefined) throw new Error(`${place} depends on ${name}, which is no part of an image.`);
    keep(next);
  }
}

function read(place: string): Manifest {
  return JSON.parse(readFileSync(join(repository, place, "package.json"), "utf8"));
}

function write(place: string, manifest: Manifest): void {
  mkdirSync(join(target, "manifests", place), { recursive: true });
  writeFileSync(join(target, "manifests", place, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
