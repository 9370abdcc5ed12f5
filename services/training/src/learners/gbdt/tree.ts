/** One regression tree as parallel arrays; node 0 is the root, a leaf has feature -1. */
export interface Tree {
  readonly nodeCount: number;
  readonly feature: Int32Array;
  /** A present value goes left when it is at most this (float32, as it is compared when serving). */
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What a leaf adds to the score. */
  readonly value: Float64Array;
  /** By how much a split lowered the loss. */
  readonly gain: Float64Array;
}

/** One round's progress, for those who want to watch or to stop the training. */
export interface RoundProgress {
  readonly round: number;
  readonly roundsMax: number;
  readonly validationLoss: number;
}
