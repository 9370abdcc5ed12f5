import { LearnerError } from "../learners/errors.ts";
import type { FeatureColumn, Label, LabelledTable } from "../learners/table.ts";
import { type ClassList, listClasses } from "./class-labels.ts";
import { categorySql, classSql, isNumberType, numberSql } from "./column-sql.ts";
import { TrainerError } from "./errors.ts";
import { ParquetSession, quoteName } from "./parquet-session.ts";
import type { TrainingRequest } from "./training-request.ts";

export interface TrainingParts {
  readonly train: LabelledTable;
  readonly validation: LabelledTable;
}

const files = { train: "train.parquet", validation: "validation.parquet" } as const;

/** Reads both parts of a training set into typed arrays. */
export async function readTrainingParts(folder: string, request: TrainingRequest): Promise<TrainingParts> {
  const session = await ParquetSession.open(folder);
  try {
    const types = {
      train: await session.describe(files.train),
      validation: await session.describe(files.validation),
    };
    const classes = request.task === "regression" ? undefined : await readClasses(session, request, types);
    return {
      train: await readPart(session, files.train, types.train, request, classes),
      validation: await readPart(session, files.validation, types.validation, request, classes),
    };
  } finally {
    session.close();
  }
}

type PartTypes = Readonly<Record<keyof typeof files, ReadonlyMap<string, string>>>;

/** The classes of both parts together: a rare class may be in the validation part alone. */
async function readClasses(
  session: ParquetSession,
  request: TrainingRequest,
  types: PartTypes,
): Promise<ClassList> {
  const { label, task } = request;
  if (task === "regression") throw new TypeError("A regression has no classes.");
  const texts = new Set<string>();
  for (const part of ["train", "validation"] as const) {
    const sql = classSql(label, typeOf(types[part], label, files[part]));
    const rows = await session.rows(`SELECT DISTINCT ${sql} AS text FROM ${session.table(files[part])}`);
    for (const [text] of rows) if (typeof text === "string") texts.add(text);
  }
  const type = typeOf(types.train, label, files.train);
  return listClasses(task, [...texts], isNumberType(type) && type !== "BOOLEAN");
}

async function readPart(
  session: ParquetSession,
  file: string,
  types: ReadonlyMap<string, string>,
  request: TrainingRequest,
  classes: ClassList | undefined,
): Promise<LabelledTable> {
  const [[count] = []] = await session.rows(`SELECT count(*) FROM ${session.table(file)}`);
  const rowCount = Number(count);
  const columns: FeatureColumn[] = [];
  const expressions: string[] = [];
  for (const { name, type } of request.columns) {
    const sqlType = typeOf(types, name, file);
    if (type === "number") {
      expressions.push(numberSql(name, sqlType));
      columns.push({ type, name, values: new Float32Array(rowCount) });
    } else {
      const coded = await codeTexts(session, file, categorySql(name), `${file} ${name}`);
      expressions.push(coded.sql);
      columns.push({ type, name, codes: new Int32Array(rowCount), categories: coded.texts });
    }
  }
  const labelType = typeOf(types, request.label, file);
  const values = new Float64Array(rowCount);
  let readLabel = (value: number) => value;
  if (classes) {
    const coded = await codeTexts(session, file, classSql(request.label, labelType), `${file} label`);
    const indexes = coded.texts.map((text) => classes.indexByText.get(text) ?? Number.NaN);
    readLabel = (code) => indexes[code] ?? Number.NaN;
    expressions.push(coded.sql);
  } else expressions.push(numberSql(request.label, labelType));

  await session.stream(
    `SELECT ${expressions.join(", ")} FROM ${session.table(file)}`,
    (value, index, row) => {
      const column = columns[index];
      if (!column) values[row] = readLabel(value);
      else if (column.type === "number") column.values[row] = value;
      else column.codes[row] = Number.isNaN(value) ? -1 : value;
    },
  );
  const label: Label = { task: request.task, classes: classes?.classes ?? [], values };
  const missing = values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw new LearnerError("MISSING_LABEL", `first in row ${missing} of ${file}`);
  return { features: { rowCount, columns }, label };
}

/** Gives every distinct text a number inside the engine, so that texts are not copied row by row. */
async function codeTexts(
  session: ParquetSession,
  file: string,
  sql: string,
  typeName: string,
): Promise<{ sql: string; texts: string[] }> {
  const distinct = `SELECT DISTINCT ${sql} AS text FROM ${session.table(file)}`;
  const ordered = `SELECT text FROM (${distinct}) WHERE text IS NOT NULL ORDER BY text`;
  const texts = (await session.rows(ordered)).map(([text]) => String(text));
  if (texts.length === 0) return { sql: "CAST(NULL AS INTEGER)", texts };
  const name = quoteName(typeName);
  await session.run(`CREATE TYPE ${name} AS ENUM (${ordered})`);
  return { sql: `CAST(enum_code(CAST(${sql} AS ${name})) AS INTEGER)`, texts };
}

function typeOf(types: ReadonlyMap<string, string>, column: string, file: string): string {
  const type = types.get(column);
  if (type === undefined) throw new TrainerError("COLUMN_MISSING", `${file} has no column ${column}.`);
  return type;
}
