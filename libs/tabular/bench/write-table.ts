import { DuckDBInstance } from "@duckdb/node-api";

// Every value is a hash of its row and column: the same table on every machine, whatever the threads.
const uniform = (seed: number) => `(hash(row, ${seed}) / 18446744073709551616.0)`;
const normal = (seed: number) =>
  `(sqrt(-2 * ln(${uniform(seed)} + 1e-18)) * cos(2 * pi() * ${uniform(seed + 100)}))`;
const whole = (sql: string) => `CAST(floor(${sql}) AS BIGINT)`;
const after = (seconds: string) => `TIMESTAMP '2025-01-01' + to_microseconds(${whole(`(${seconds}) * 1e6`)})`;

/** Twenty columns as orders have them: sorted, skewed, bell-shaped, mostly zero, partly missing, few and many texts. */
const columns: Readonly<Record<string, string>> = {
  id: "row",
  ordered_at: after(`row * 3 + 2 * ${uniform(1)}`),
  updated_at: after(`3e7 * ${uniform(2)}`),
  quantity: whole(`1 + ${uniform(3)} * ${uniform(4)} * 50`),
  visits: whole(`exp(2 + 2 * ${normal(5)})`),
  store: whole(`2000 * ${uniform(6)}`),
  amount: `exp(3 + ${normal(7)})`,
  price: `round(${uniform(8)} * 100, 2)`,
  distance: `abs(${normal(9)}) * 12`,
  temperature: `15 + 8 * ${normal(10)}`,
  latitude: `40.7 + 0.1 * ${normal(11)}`,
  longitude: `-74 + 0.1 * ${normal(12)}`,
  rebate: `CASE WHEN ${uniform(13)} < 0.7 THEN 0 ELSE ${uniform(14)} * 20 END`,
  score: `CASE WHEN ${uniform(15)} >= 0.05 THEN ${uniform(16)} END`,
  pressure: `1013 + ${normal(17)}`,
  returned: `${uniform(18)} < 0.1`,
  country: `'country-' || ${whole(`40 * ${uniform(19)}`)}`,
  channel: `['web', 'store', 'phone', 'partner', 'app', 'fax'][1 + ${whole(`6 * ${uniform(20)}`)}]`,
  customer: `'C-' || lpad(CAST(${whole(`1e6 * ${uniform(21)}`)} AS VARCHAR), 6, '0')`,
  product: `CASE WHEN ${uniform(22)} >= 0.02 THEN 'product ' || ${whole(`${uniform(23)} * ${uniform(24)} * 5000`)} END`,
};

const options = {
  /** As ingestion gives it to tables. */
  parquet: "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880",
  csv: "FORMAT csv, HEADER true",
};

/** Writes rows `from` up to `to`. */
export async function writeTable(
  path: string,
  from: number,
  to: number,
  format: keyof typeof options = "parquet",
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const values = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`);
    await connection.run(
      `COPY (SELECT ${values.join(", ")} FROM range(${from}, ${to}) AS rows(row))
       TO '${path}' (${options[format]})`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
