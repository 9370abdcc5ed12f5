import type { Path } from "./file-problem.ts";

interface Place {
  readonly key: number;
  readonly value: number;
}

/** Where each setting of a file is, as offsets into its text. */
export interface Places {
  add(path: Path, place: Place): void;
  /** Of a setting that is not there: the name of the nearest one above it. */
  find(path: Path, part: "value" | "key"): number;
}

export function createPlaces(): Places {
  const places = new Map<string, Place>();
  return {
    add: (path, place) => void places.set(JSON.stringify(path), place),
    find: (path, part) => {
      for (let length = path.length; length > 0; length--) {
        const place = places.get(JSON.stringify(path.slice(0, length)));
        if (place !== undefined) return length === path.length ? place[part] : place.key;
      }
      return 0;
    },
  };
}
