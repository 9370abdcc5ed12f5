/** The features that the model of the tests takes. */
export const features = [
  { name: "hour", sql: "hour", kind: "number" },
  { name: "origin", sql: "origin", kind: "category" },
  { name: "distance", sql: "distance", kind: "number" },
] as const;
