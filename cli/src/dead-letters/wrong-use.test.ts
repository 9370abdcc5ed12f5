import { expect, test } from "vitest";
import { createProgram } from "../program.ts";

// Nobody answers there: who tried to connect would fail in another way.
const nowhere = "nats://127.0.0.1:1";

test.each([
  [["redrive"], "Say which dead letters"],
  [["redrive", "some-id", "--all"], "by their ids or by a filter, not by both"],
  [["redrive", "--service", "nobody"], 'There is no service "nobody"'],
  [["redrive", "--handler", "nothing-on-nothing"], 'There is no handler "nothing-on-nothing"'],
  [["redrive", "--reason", "bad-luck"], 'There is no reason "bad-luck"'],
  [["redrive", "--event-type", "dataset.vanished"], "--event-type takes a type"],
  [["redrive", "--pipeline", "a.*"], "is no pipeline name"],
  [["redrive", "--since", "yesterday"], "--since takes a duration"],
  [["list", "--limit", "0"], "--limit takes a number"],
])("%j is wrong use, and is told before anything is looked for", async (words, message) => {
  const run = createProgram().parseAsync(["--nats", nowhere, "dead-letters", ...words], { from: "user" });
  await expect(run).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) });
});
