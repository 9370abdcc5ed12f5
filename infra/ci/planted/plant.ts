import { fileURLToPath } from "node:url";
import { findBug, plantBug } from "../../../libs/testing/src/plant-bug.ts";
import { plantedBugs } from "./bugs.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Changes one source file as it is loaded, where PLANTED_BUG names a bug; otherwise there is no such plugin. */
export function plantingPlugins() {
  const { PLANTED_BUG: name } = process.env;
  if (name === undefined) return [];
  const bug = findBug(plantedBugs, name);
  return [
    {
      name: "plant-bug",
      enforce: "pre" as const,
      transform: (source: string, id: string) => (id === root + bug.file ? plantBug(source, bug) : undefined),
    },
  ];
}
