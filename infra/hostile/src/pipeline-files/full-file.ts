/** A right file in which every setting that has a place of its own stands on a line of its own. */
export const fullFile = (pipeline: string) => `pipeline: ${pipeline}
data:
  format: csv
  columns:
    at: timestamp
    city: string
    tip: number
  key:
    - at
  eventTime: at
  label: tip
validation:
  expectations:
    - column: city
      maxNullShare: 0.1
    - column: tip
      min: 0
      max: 100
  unique:
    - at
  rowCount:
    min: 1
    max: 1000
  infer: true
  onViolation: quarantine
  maxQuarantinedShare: 0.2
features:
  view: trips
  columns:
    hour: length(city)
    place:
      sql: city
      kind: category
training:
  task: regression
  trainer: builtin/linear
  parameters:
    depth: 3
  seed: 7
  window:
    rows: 500
  split:
    train: 0.6
    validation: 0.2
    holdout: 0.2
  timeoutSeconds: 60
  memoryMiB: 512
  triggers:
    newData:
      minRows: 10
    drift:
      minNewRows: 10
    qualityDrop:
      minNewRows: 10
    cooldownSeconds: 30
    runsPerDay: 5
evaluation:
  metric: rmse
  gates:
    - metric: rmse
      max: 5
  maxModelBytes: 1000000
promotion:
  approval: manual
deployment:
  strategy: canary
  steps:
    - weightPercent: 10
      minRequests: 5
      minSeconds: 1
  analysis:
    maxErrorShare: 0.1
    maxLatencyP99Ms: 100
  replicaTimeoutSeconds: 30
monitoring:
  window:
    predictions: 100
  drift:
    test: psi
    threshold: 0.2
    columns:
      - hour
    minColumns: 1
  quality:
    metric: rmse
    maxDrop: 1
    minLabels: 10
  feedback:
    minRows: 10
`;

export interface Setting {
  /** Such as `validation.expectations[0].column`. */
  readonly path: string;
  readonly key: string;
  /** Undefined where the setting holds others. */
  readonly value: string | undefined;
  /** From 1, as are the columns of its key and its value. */
  readonly line: number;
  readonly keyColumn: number;
  readonly valueColumn: number;
}

/** Where each setting stands, read from the text by its layout and not by the parser that is under test. */
export function settingsOf(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  const above: { readonly indent: number; readonly path: string; entries: number }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const match = /^(?<indent> *)(?<dash>- )?(?<key>[A-Za-z0-9]+):(?: (?<value>.+))?$/.exec(line)?.groups;
    if (match === undefined) continue;
    const { indent = "", dash = "", key = "", value } = match;
    const depth = indent.length + dash.length;
    while ((above.at(-1)?.indent ?? -1) >= depth) above.pop();
    const parent = above.at(-1);
    if (dash !== "" && parent !== undefined) parent.entries += 1;
    const inList = parent !== undefined && parent.entries > 0 ? `[${parent.entries - 1}]` : "";
    const path = parent === undefined ? key : `${parent.path}${inList}.${key}`;
    const keyColumn = depth + 1;
    settings.push({ path, key, value, line: index + 1, keyColumn, valueColumn: keyColumn + key.length + 2 });
    if (value === undefined) above.push({ indent: depth, path, entries: 0 });
  }
  return settings;
}

/** The text with one line exchanged. */
export function withLine(text: string, line: number, change: (line: string) => string): string {
  return text
    .split("\n")
    .map((one, index) => (index === line - 1 ? change(one) : one))
    .join("\n");
}
