import { number, type Row, rowsOf, text } from "../evidence/evidence.ts";
import { emittedIn, nameOf } from "./emitted.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I5";

/** The champions of each pipeline are one chain, and each move of the alias was told once. */
export const checkPromotions: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const champions = rowsOf(evidence, "registry", "champions");
  const told = emittedIn(evidence).filter(({ type }) => nameOf(type) === "model-version.promoted");
  for (const [pipeline, rows] of Map.groupBy(champions, (row) => text(row, "pipeline"))) {
    const chain = rows.toSorted((a, b) => number(a, "sequence") - number(b, "sequence"));
    chain.forEach((row, index) => {
      const before = chain[index - 1];
      const continues =
        number(row, "sequence") === (before === undefined ? 1 : number(before, "sequence") + 1) &&
        number(row, "previous_version") === (before === undefined ? 0 : number(before, "version"));
      if (!continues) {
        const message = `champion ${row.sequence} of ${pipeline} does not follow the one before it`;
        find("PROMOTION_CHAIN_BROKEN", message, { row, before });
      }
    });
    const moves = Map.groupBy(
      chain.filter((row) => number(row, "version") > 0),
      keyOfMove,
    );
    const events = Map.groupBy(
      told.filter((event) => event.pipeline === pipeline),
      ({ data }) => `${data.previousVersion ?? 0} -> ${data.version}`,
    );
    for (const [move, same] of moves) {
      const tellings = events.get(move) ?? [];
      if (tellings.length === same.length) continue;
      const message = `${pipeline} moved ${move} ${same.length} times and told it ${tellings.length} times`;
      find(
        "PROMOTION_NOT_TOLD_ONCE",
        message,
        tellings.map(({ eventId }) => eventId),
      );
    }
    for (const [move, tellings] of events) {
      if (moves.has(move)) continue;
      const message = `${pipeline} has told the move ${move}, which never was`;
      find(
        "PROMOTION_NOT_TOLD_ONCE",
        message,
        tellings.map(({ eventId }) => eventId),
      );
    }
  }
  const counted = { moves: champions.length, told: told.length };
  return { invariant, title: "promotions are one chain, told once", counted, violations };
};

function keyOfMove(row: Row): string {
  return `${number(row, "previous_version")} -> ${number(row, "version")}`;
}
