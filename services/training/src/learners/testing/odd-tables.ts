import type { FeatureColumn, FeatureTable, LabelledTable, Task } from "../table.ts";

const texts = ["a", "b", "B", "Łódź", "東京", " ", "0", "null", "__proto__", "a\u0000b", "'\"", "🙂"];

/** Small tables with everything that is awkward: NaN, infinities, ties, constants, tiny and huge numbers. */
export function oddTable(task: Task, rowCount: number, random: () => number): LabelledTable {
  const columnCount = 1 + Math.floor(random() * 4);
  const columns = Array.from({ length: columnCount }, (_, index) => oddColumn(index, rowCount, random));
  const classes = task === "regression" ? [] : task === "binary" ? ["0", "1"] : ["a", "b", "c", "d"];
  const scale = 10 ** Math.floor(random() * 6);
  const values = Float64Array.from({ length: rowCount }, (_, row) => {
    const signal = signalOf(columns[0], row);
    if (task === "regression") return scale * (signal + random()) - 20;
    return Math.min(classes.length - 1, Math.floor((0.6 * signal + 0.4 * random()) * classes.length));
  });
  // Two different labels at least, or there would be nothing to learn.
  values[0] = 0;
  values[1] = 1;
  return { features: { rowCount, columns }, label: { task, classes, values } };
}

/** Fresh rows for the columns of a table: other values, and categories that it never had. */
export function oddRows(table: FeatureTable, rowCount: number, random: () => number): FeatureTable {
  const columns = table.columns.map((column): FeatureColumn => {
    if (column.type === "category") {
      const categories = [...column.categories, "never seen", "Nirvana"];
      const codes = Int32Array.from(
        { length: rowCount },
        () => Math.floor(random() * (categories.length + 1)) - 1,
      );
      return { ...column, codes, categories };
    }
    const values = Float32Array.from({ length: rowCount }, () => {
      const kind = random();
      if (kind < 0.5) return column.values[Math.floor(random() * column.values.length)] ?? 0;
      return oddNumber(random);
    });
    return { ...column, values };
  });
  return { rowCount, columns };
}

function signalOf(column: FeatureColumn | undefined, row: number): number {
  if (column?.type === "category") return ((column.codes[row] ?? 0) + 1) / (column.categories.length + 1);
  const value = column?.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? 0.5 : value > 0 ? 1 : 0;
}

function oddColumn(index: number, rowCount: number, random: () => number): FeatureColumn {
  const kind = random();
  if (kind < 0.3) {
    const categories = texts.slice(0, 1 + Math.floor(random() * texts.length));
    const codes = Int32Array.from(
      { length: rowCount },
      () => Math.floor(random() * (categories.length + 1)) - 1,
    );
    return { type: "category", name: `category ${index}`, codes, categories };
  }
  const exponent = Math.floor(random() * 12) - 6;
  const values = Float32Array.from({ length: rowCount }, () => {
    if (kind < 0.35) return 3;
    if (random() < 0.2) return Number.NaN;
    if (kind < 0.5) return Math.floor(random() * 3) - 1;
    if (kind < 0.6) return oddNumber(random);
    return (random() - 0.5) * 10 ** exponent;
  });
  return { type: "number", name: `number ${index}`, values };
}

function oddNumber(random: () => number): number {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e-42, 3e38, -3e38];
  const kind = random();
  if (kind < 0.4) return special[Math.floor(random() * special.length)] ?? 0;
  return (random() - 0.5) * 10 ** (Math.floor(random() * 12) - 6);
}
