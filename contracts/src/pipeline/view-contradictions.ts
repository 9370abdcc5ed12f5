import type { ColumnType } from "./columns.ts";
import type { Contradiction } from "./contradictions.ts";
import type { FeaturesSection } from "./feature-view.ts";

interface Data {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly eventTime?: string | undefined;
  readonly label: string;
}
type Path = readonly (string | number)[];
type Found = Contradiction[];

/** What feature views demand of the data and of each other. */
export function viewContradictions(data: Data, features: FeaturesSection): Found {
  const { views = {}, joins = [], ...own } = features;
  const found: Found = [];
  const remembers = own.aggregates !== undefined || own.shared === true || own.entity !== undefined;
  if (remembers) found.push(...viewProblems(data, own, ["features"]));
  for (const [name, view] of Object.entries(views)) {
    const path = ["features", "views", name];
    if (name === own.view) found.push({ path, message: "this is the name of the pipeline's own view" });
    if (Object.keys({ ...view.columns, ...view.aggregates }).length === 0)
      found.push({ path, message: "a view needs columns or aggregates" });
    found.push(...viewProblems(data, view, path));
  }
  joins.forEach((join, index) => {
    found.push(...joinProblems(data, features, join, ["features", "joins", index]));
  });
  if (own.freshness !== undefined && data.eventTime === undefined)
    found.push({ path: ["features", "freshness"], message: "an age needs data.eventTime" });
  return [...found, ...namesTwice(data, features)];
}

type AnyView = Omit<FeaturesSection, "view" | "columns" | "joins" | "views" | "freshness"> & {
  readonly columns?: Readonly<Record<string, unknown>> | undefined;
};

function viewProblems(data: Data, view: AnyView, path: Path): Found {
  const found: Found = [];
  if (data.eventTime === undefined)
    found.push({ path, message: "what an entity was like at a time needs data.eventTime" });
  if (view.entity === undefined) found.push({ path, message: "aggregates and shared views need an entity" });
  view.entity?.forEach((column, index) => {
    found.push(...namesEntity(data, column, [...path, "entity", index]));
  });
  const { createdTime } = view;
  if (createdTime !== undefined && data.columns[createdTime] !== "timestamp")
    found.push({
      path: [...path, "createdTime"],
      message: `"${createdTime}" is no timestamp column of data.columns`,
    });
  for (const name of Object.keys(view.aggregates ?? {})) {
    if (Object.hasOwn(view.columns ?? {}, name))
      found.push({ path: [...path, "aggregates", name], message: "a column of the view has this name" });
  }
  return found;
}

/** Only what has one spelling names an entity in the same way in every file and in every request. */
function namesEntity(data: Data, column: string, path: Path): Found {
  const type = Object.hasOwn(data.columns, column) ? data.columns[column] : undefined;
  if (type === undefined) return [{ path, message: `"${column}" is no column of data.columns` }];
  if (column === data.label) return [{ path, message: "the label cannot name an entity" }];
  if (type === "string" || type === "integer" || type === "boolean") return [];
  return [
    { path, message: `"${column}" is a ${type}: an entity is named by text, whole numbers or booleans` },
  ];
}

function joinProblems(
  data: Data,
  { view: own, views = {} }: FeaturesSection,
  join: NonNullable<FeaturesSection["joins"]>[number],
  path: Path,
): Found {
  const found: Found = join.on.flatMap((column, index) => namesEntity(data, column, [...path, "on", index]));
  if (data.eventTime === undefined)
    found.push({ path, message: "a join at a point in time needs data.eventTime" });
  if (join.pipeline !== undefined) return found;
  const view = Object.hasOwn(views, join.view) ? views[join.view] : undefined;
  if (view === undefined) {
    const why =
      join.view === own ? "a view cannot join itself" : `"${join.view}" is not among features.views`;
    return [...found, { path: [...path, "view"], message: why }];
  }
  const typesOf = (names: readonly string[]) => names.map((name) => data.columns[name]).join(", ");
  if (typesOf(join.on) !== typesOf(view.entity)) {
    const message = `the entity of "${join.view}" is ${typesOf(view.entity)}, not ${typesOf(join.on)}`;
    found.push({ path: [...path, "on"], message });
  }
  for (const [name, from] of Object.entries(join.columns)) {
    if (!Object.hasOwn({ ...view.columns, ...view.aggregates }, from))
      found.push({ path: [...path, "columns", name], message: `"${join.view}" has no column "${from}"` });
  }
  return found;
}

/** What is looked up stands beside the row's own columns, and the engine takes upper and lower case as the same. */
function namesTwice(data: Data, { columns, aggregates = {}, joins = [] }: FeaturesSection): Found {
  const inData = new Set(Object.keys(data.columns).map((name) => name.toLowerCase()));
  const taken = new Set(Object.keys(columns).map((name) => name.toLowerCase()));
  const found: Found = [];
  const take = (name: string, path: Path) => {
    const key = name.toLowerCase();
    if (key === data.label.toLowerCase()) found.push({ path, message: "this is the label's name" });
    else if (inData.has(key)) found.push({ path, message: "a column of the data has this name" });
    else if (taken.has(key)) found.push({ path, message: "there is a feature of this name" });
    taken.add(key);
  };
  for (const name of Object.keys(aggregates)) take(name, ["features", "aggregates", name]);
  joins.forEach((join, index) => {
    for (const name of Object.keys(join.columns)) take(name, ["features", "joins", index, "columns", name]);
  });
  return found;
}

/** The names of all features of a pipeline's model, in their order. */
export function featureNames({ columns, aggregates = {}, joins = [] }: FeaturesSection): string[] {
  return [
    ...Object.keys(columns),
    ...Object.keys(aggregates),
    ...joins.flatMap((join) => Object.keys(join.columns)),
  ];
}
