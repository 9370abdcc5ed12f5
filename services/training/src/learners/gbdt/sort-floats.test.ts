import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { sortFloats } from "./sort-floats.ts";

test("the order is that of the engine's own sort, bit for bit, and the values stay as they were", () => {
  const random = seededRandom(1);
  const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-42, -1e-42, 3e38, -3e38];
  for (const length of [0, 1, 2, 499, 500, 501, 2000, 30_000]) {
    for (const share of [0, 0.3, 1]) {
      const values = Float32Array.from({ length }, () =>
        random() < share
          ? (special[Math.floor(random() * special.length)] ?? 0)
          : (random() - 0.5) * 10 ** Math.floor(random() * 60 - 30),
      );
      const before = values.slice();
      const bits = (sorted: Float32Array) => new Uint32Array(sorted.slice().buffer);
      expect(bits(sortFloats(values))).toEqual(bits(values.slice().sort()));
      expect(bits(values)).toEqual(bits(before));
    }
  }
});
