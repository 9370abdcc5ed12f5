import { writeFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import type { LabelledTable } from "../src/learners/table.ts";

/** Float32 column after column, the label last: what every language can read without a library. */
export async function writeColumns(path: string, { features, label }: LabelledTable): Promise<void> {
  const all = new Float32Array(features.rowCount * (features.columns.length + 1));
  features.columns.forEach((column, index) => {
    if (column.type === "number") all.set(column.values, index * features.rowCount);
  });
  all.set(label.values, features.columns.length * features.rowCount);
  await writeFile(path, new Uint8Array(all.buffer));
}

/** The same rows as one of the Parquet files of a training set, with the label as y. */
export async function writeParquet(path: string, { features, label }: LabelledTable): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const names = features.columns.map(({ name }) => name);
    await connection.run(`CREATE TABLE t (${names.map((name) => `${name} FLOAT`).join(", ")}, y TINYINT)`);
    const appender = await connection.createAppender("t");
    for (let row = 0; row < features.rowCount; row++) {
      for (const column of features.columns) {
        const value = column.type === "number" ? (column.values[row] ?? Number.NaN) : Number.NaN;
        if (Number.isNaN(value)) appender.appendNull();
        else appender.appendFloat(value);
      }
      appender.appendTinyInt(label.values[row] ?? 0);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY t TO '${path}' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
