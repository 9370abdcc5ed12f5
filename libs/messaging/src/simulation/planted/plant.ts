import { registerHooks } from "node:module";
import { findBug, plantBug } from "@cascade/testing/plant-bug";
import { plantedBugs } from "./bugs.ts";

// Loaded before the program, by `node --import`: the program then runs with the bug that PLANTED_BUG names.
const libraries = new URL("../../../../", import.meta.url);
const bug = findBug(plantedBugs, process.env.PLANTED_BUG);
const target = new URL(bug.file, libraries).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    return { ...loaded, source: plantBug(Buffer.from(loaded.source as Uint8Array).toString(), bug) };
  },
});
