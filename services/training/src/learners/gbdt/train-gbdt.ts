import { checkTrainingSet } from "../check-training-set.ts";
import { weightsByClass } from "../class-weights.ts";
import { LearnerError } from "../errors.ts";
import { seededRandom } from "../random.ts";
import type { LabelledTable } from "../table.ts";
import { Crew, type KernelChoice } from "./crew.ts";
import { step } from "./crew-member.ts";
import { chooseEncodings } from "./feature-encoding.ts";
import { baseScoresOf, fillMemory, informativeFeatures } from "./fill-memory.ts";
import type { ClassTree, GbdtModel } from "./gbdt-model.ts";
import { growTree } from "./grow-tree.ts";
import { planMemory } from "./memory-layout.ts";
import { monotoneSigns } from "./monotone.ts";
import type { GbdtParameters } from "./parameters.ts";
import type { RoundProgress } from "./tree.ts";
import { validationLoss } from "./validation-loss.ts";

export interface GbdtOptions {
  readonly seed: number;
  /** Most threads; the result does not depend on it. Small training sets use one anyway. */
  readonly threadsMax: number;
  readonly kernel?: KernelChoice;
  /** Below this many values (rows times columns) starting a thread costs more than it saves. */
  readonly threadWorkMin?: number;
  /** Called after each round; returning "stop" ends the training with the best round so far. */
  readonly onRound?: (progress: RoundProgress) => "stop" | undefined;
}

export interface GbdtResult {
  readonly model: GbdtModel;
  readonly bestRound: number;
  /** Raw scores of the validation rows after the best round, as scoreRows would give them. */
  readonly validationScores: Float64Array;
  readonly stoppedBy: "early-stopping" | "rounds" | "no-split" | "caller";
}

/** Smaller improvements of the validation loss do not count. */
const improvementMin = 1e-7;

/** Trains boosted trees on one part and stops by the other. */
export async function trainGbdt(
  train: LabelledTable,
  validation: LabelledTable,
  parameters: GbdtParameters,
  options: GbdtOptions,
): Promise<GbdtResult> {
  checkTrainingSet(train);
  if (validation.features.rowCount === 0) throw new LearnerError("NO_VALIDATION_ROWS");
  const random = seededRandom(options.seed);
  const classWeights = weightsByClass(train.label, parameters.classWeights);
  const signs = monotoneSigns(train.features, train.label.task, parameters.monotone);
  const encodings = chooseEncodings(train, parameters);
  const baseScores = baseScoresOf(train.label, classWeights);
  const work = train.features.rowCount * encodings.length;
  const layout = planMemory({
    task: train.label.task,
    classCount: baseScores.length,
    trainRows: train.features.rowCount,
    validationRows: validation.features.rowCount,
    featureCount: encodings.length,
    memberCount: work >= (options.threadWorkMin ?? 4_000_000) ? options.threadsMax : 1,
    leavesMax: parameters.leavesMax,
    isWeighted: classWeights !== undefined,
    isConstrained: signs !== undefined,
  });
  const crew = new Crew(layout, parameters, options.kernel ?? "wasm");
  try {
    if (signs) new Int8Array(crew.memory.buffer, layout.signs, layout.featureCount).set(signs);
    const thresholds = fillMemory(crew, encodings, [train, validation], baseScores, classWeights, random);
    const informative = informativeFeatures(crew, thresholds);
    if (!informative.includes(true)) throw new LearnerError("NO_INFORMATIVE_COLUMNS");
    await crew.ready();
    const result = boost(crew, thresholds, informative, parameters, options, random);
    const { task, classes } = train.label;
    const { rounds, stoppedBy, validationScores } = result;
    const model = { task, classes, encodings, baseScores, rounds };
    return { model, bestRound: rounds.length, stoppedBy, validationScores };
  } finally {
    await crew.dismiss();
  }
}

function boost(
  crew: Crew,
  thresholds: readonly Float32Array[],
  informative: readonly boolean[],
  parameters: GbdtParameters,
  options: GbdtOptions,
  random: () => number,
): Pick<GbdtResult, "stoppedBy" | "validationScores"> & { rounds: ClassTree[][] } {
  const { layout, memory } = crew;
  const rounds: ClassTree[][] = [];
  let bestLoss = validationLoss(crew);
  let bestCount = 0;
  let validationScores = copyValidationScores(crew);
  let stoppedBy: GbdtResult["stoppedBy"] = "rounds";
  while (rounds.length < parameters.roundsMax) {
    const grown: ClassTree[] = [];
    for (let classIndex = 0; classIndex < layout.classCount; classIndex++) {
      chooseColumns(crew, informative, parameters.columnFraction, random);
      crew.perform(step.gradients, layout.trainRows, classIndex, classIndex === 0 ? 1 : 0);
      const draft = growTree(crew, classIndex, parameters);
      if (!draft) continue;
      draft.publish(memory, layout);
      crew.perform(step.walk, layout.validationRows, classIndex);
      grown.push({ classIndex, tree: draft.finish(thresholds) });
    }
    if (grown.length === 0) {
      stoppedBy = "no-split";
      break;
    }
    rounds.push(grown);
    const loss = validationLoss(crew);
    if (loss < bestLoss - improvementMin) {
      bestLoss = loss;
      bestCount = rounds.length;
      validationScores = copyValidationScores(crew);
    }
    const progress = { round: rounds.length, roundsMax: parameters.roundsMax, validationLoss: loss };
    if (options.onRound?.(progress) === "stop") {
      stoppedBy = "caller";
      break;
    }
    if (rounds.length - bestCount >= parameters.earlyStoppingRounds) {
      stoppedBy = "early-stopping";
      break;
    }
  }
  return { rounds: rounds.slice(0, bestCount), stoppedBy, validationScores };
}

/** Row by row, all classes of a row together. */
function copyValidationScores({ layout, memory }: Crew): Float64Array {
  const { classCount, validationRows, trainRows, scoreStride } = layout;
  const copy = new Float64Array(validationRows * classCount);
  for (let index = 0; index < classCount; index++) {
    const address = layout.scores + index * scoreStride + trainRows * 8;
    const own = new Float64Array(memory.buffer, address, validationRows);
    if (classCount === 1) copy.set(own);
    else for (let row = 0; row < validationRows; row++) copy[row * classCount + index] = own[row] ?? 0;
  }
  return copy;
}

/** Marks the columns that the next tree may use: all informative ones, or a seeded share of them. */
function chooseColumns(
  crew: Crew,
  informative: readonly boolean[],
  fraction: number,
  random: () => number,
): void {
  const mask = new Uint8Array(crew.memory.buffer, crew.layout.columnMask, crew.layout.featureCount);
  const usable = informative.flatMap((helps, feature) => (helps ? [feature] : []));
  const wanted = Math.max(1, Math.round(usable.length * fraction));
  mask.fill(0);
  for (let taken = 0; taken < wanted; taken++) {
    const pick = fraction < 1 ? Math.floor(random() * usable.length) : 0;
    const [feature = 0] = usable.splice(pick, 1);
    mask[feature] = 1;
  }
}
