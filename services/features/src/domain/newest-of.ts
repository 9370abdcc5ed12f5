interface Dated {
  readonly pipelineVersion: number;
  readonly position: number;
}

/**
 * Of a snapshot just built and the newest one kept, the one to train on. Builds may end in another order than
 * they were planned; one that was overtaken announces its new rows with the training set that holds them too.
 */
export function newestOf<Snapshot extends Dated>(own: Snapshot, kept: Snapshot | undefined): Snapshot {
  if (kept === undefined) return own;
  if (kept.pipelineVersion !== own.pipelineVersion)
    return kept.pipelineVersion > own.pipelineVersion ? kept : own;
  return kept.position > own.position ? kept : own;
}
