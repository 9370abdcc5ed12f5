import { registerHooks } from "node:module";
import { plantedBugs } from "./bugs.ts";

// Loaded before the program, by `node --import`: the program then runs with the bug that PLANTED_BUG names.
const libraries = new URL("../../../../", import.meta.url);
const bug = plantedBugs.find(({ name }) => name === process.env.PLANTED_BUG);
if (bug === undefined) throw new RangeError(`there is no planted bug "${process.env.PLANTED_BUG}"`);
const { file, right, wrong } = bug;
const target = new URL(file, libraries).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString();
    const places = source.split(right).length - 1;
    if (places !== 1)
      throw new Error(`"${right}" stands ${places} times in ${file}; the bug has no place of its own`);
    return { ...loaded, source: source.replace(right, () => wrong) };
  },
});
