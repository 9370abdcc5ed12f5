/** What a model may be at most; every limit can be set by the caller. */
export interface ModelLimits {
  readonly sizeBytesMax: number;
  /** Graphs inside graphs (If, Loop, Scan). */
  readonly depthMax: number;
  /** Elements that ConstantOfShape, Expand or Tile may ask for. */
  readonly builtElementsMax: number;
}

export const defaultLimits: ModelLimits = {
  sizeBytesMax: 512 * 2 ** 20,
  depthMax: 16,
  builtElementsMax: 1_000_000,
};
