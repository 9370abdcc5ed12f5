import { defaultParties, OutsideParty } from "@cascade/contracts";
import { z } from "zod";

export const partiesVariable = "CASCADE_OUTSIDE_PARTIES";

/**
 * Reads the outside parties: names apart by blanks or commas, each with the pipelines it may use after a colon,
 * joined by plus signs: `acme globex:flight-delays+taxi-tips`. `none` stands for nobody.
 */
export function readParties(text: string | undefined): readonly OutsideParty[] {
  const words = (text ?? "").split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 0) return defaultParties;
  if (words.length === 1 && words[0] === "none") return [];
  const parties = words.map(readParty);
  const names = parties.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${partiesVariable} names ${twice} twice.`);
  return parties;
}

function readParty(word: string): OutsideParty {
  const [name, pipelines] = word.split(":", 2);
  const result = OutsideParty.safeParse({
    name,
    ...(pipelines === undefined ? {} : { pipelines: pipelines.split("+") }),
  });
  if (result.success) return result.data;
  throw new Error(
    `${partiesVariable} has "${word}", which is not NAME or NAME:PIPELINE+PIPELINE: ${z.prettifyError(result.error)}`,
  );
}
