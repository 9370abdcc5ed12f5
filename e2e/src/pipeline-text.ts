export interface PipelineOptions {
  readonly pipeline: string;
  readonly trainer?: string;
  readonly approval?: "automatic" | "manual";
  readonly triggers?: string;
  readonly monitoring?: string;
  readonly gates?: string;
  readonly onViolation?: "reject" | "quarantine";
  readonly window?: number;
  /** More of the features section, as YAML. */
  readonly features?: string;
}

/** The pipeline file of the generated data. */
export function pipelineText(options: PipelineOptions): string {
  return `pipeline: ${options.pipeline}
data:
  format: csv
  columns: { at: timestamp, strength: number, noise: number, colour: string, hit: boolean }
  eventTime: at
  label: hit
validation:
  expectations:
    - { column: noise, min: 0, max: 1 }
    - { column: hit, maxNullShare: 0 }
  onViolation: ${options.onViolation ?? "reject"}
features:
  view: shots
  columns: { strength: strength, noise: noise, colour: colour }
${options.features === undefined ? "" : `  ${options.features}\n`}training:
  task: binary
  trainer: ${options.trainer ?? "builtin/gbdt"}
${options.window === undefined ? "" : `  window: { rows: ${options.window} }\n`}  triggers: ${options.triggers ?? "{ cooldownSeconds: 0 }"}
evaluation:
  metric: auc
  gates: ${options.gates ?? "[{ metric: auc, min: 0.7 }, { metric: auc, beatsChampionBy: 0 }]"}
promotion: { approval: ${options.approval ?? "automatic"} }
monitoring: ${options.monitoring ?? "{ window: { predictions: 500 } }"}
`;
}
