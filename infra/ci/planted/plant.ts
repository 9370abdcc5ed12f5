import { fileURLToPath } from "node:url";
import { plantedBugs } from "./bugs.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Changes one source file as it is loaded, where PLANTED_BUG names a bug; otherwise there is no such plugin. */
export function plantBug() {
  const { PLANTED_BUG: name } = process.env;
  if (name === undefined) return [];
  const bug = plantedBugs.find((one) => one.name === name);
  if (bug === undefined) throw new RangeError(`there is no planted bug "${name}"`);
  return [
    {
      name: "plant-bug",
      enforce: "pre" as const,
      transform: (source: string, id: string) => {
        if (id !== root + bug.file) return undefined;
        const places = source.split(bug.right).length - 1;
        if (places !== 1) throw new Error(`"${bug.right}" stands ${places} times in ${bug.file}`);
        return source.replace(bug.right, () => bug.wrong);
      },
    },
  ];
}
