import { tabularErrors } from "../errors.ts";
import { ALLOWED_CAST_TYPES, ALLOWED_FUNCTIONS } from "./allowed-functions.ts";
import type { Database } from "./database.ts";

const SQL_MAX = 10_000;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];

/** The wrapping under which an expression is parsed here and used later; the line break ends a comment. */
export function wrapped(sql: string): string {
  return `(${sql}\n)`;
}

/**
 * Accepts exactly one scalar expression over the given columns. The engine's own parser says what the text
 * means; everything that is not known to be harmless is refused, statements and subqueries among it.
 */
export async function checkExpression(
  database: Database,
  column: string,
  sql: string,
  inputs: readonly string[],
): Promise<void> {
  const refuse = (reason: string): never => {
    throw tabularErrors.sqlRefused(column, reason);
  };
  if (sql.length > SQL_MAX) refuse(`it is longer than ${SQL_MAX} characters.`);
  if (sql.includes("\0")) refuse("it holds a NUL character.");
  const [row] = await database
    .rows("SELECT json_serialize_sql($1::VARCHAR) AS tree", [`SELECT ${wrapped(sql)}`])
    .catch((error) => refuse(String(error)));
  const tree: Node = JSON.parse(String(row?.tree));
  if (tree.error === true) refuse(String(tree.error_message));
  const statements = nodes(tree.statements);
  const select = statements.length === 1 ? nodes(statements[0]?.node)[0] : undefined;
  if (!select || !isBareSelect(select)) return refuse("it is more than one expression.");
  const known = new Set(inputs.map((name) => name.toLowerCase()));
  const [expression] = nodes(select.select_list);
  if (expression) walk(expression, known, refuse);
}

function isBareSelect(select: Node): boolean {
  const empty = (value: unknown) =>
    value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  const [from] = nodes(select.from_table);
  const [cte] = nodes(select.cte_map);
  return (
    select.type === "SELECT_NODE" &&
    nodes(select.select_list).length === 1 &&
    from?.type === "EMPTY" &&
    empty(cte?.map) &&
    [
      select.modifiers,
      select.where_clause,
      select.group_expressions,
      select.group_sets,
      select.having,
      select.sample,
      select.qualify,
    ].every(empty)
  );
}

function walk(node: Node, known: ReadonlySet<string>, refuse: (reason: string) => never): void {
  switch (node.class) {
    case "CONSTANT":
      return;
    case "COLUMN_REF": {
      const names = Array.isArray(node.column_names) ? node.column_names.map(String) : [];
      const [name = ""] = names;
      if (names.length !== 1 || !known.has(name.toLowerCase()))
        refuse(`there is no input column ${names.join(".")}.`);
      return;
    }
    case "FUNCTION": {
      const called = String(node.function_name).toLowerCase();
      if (
        !ALLOWED_FUNCTIONS.has(called) ||
        !["", "main"].includes(String(node.schema)) ||
        node.catalog !== ""
      ) {
        refuse(`the function ${called} is not among those that features may use.`);
      }
      if (
        node.filter !== null ||
        node.distinct !== false ||
        nodes(nodes(node.order_bys)[0]?.orders).length > 0
      ) {
        refuse("aggregates are not scalar expressions.");
      }
      break;
    }
    case "CAST": {
      const type = String(nodes(node.cast_type)[0]?.id);
      if (!ALLOWED_CAST_TYPES.has(type)) refuse(`a cast to ${type} is not possible here.`);
      break;
    }
    case "OPERATOR":
      if (!/^(COMPARE_(NOT_)?IN|OPERATOR_(IS_NULL|IS_NOT_NULL|NOT|COALESCE|TRY))$/.test(String(node.type)))
        refuse(`${node.type} is not possible here.`);
      break;
    case "CASE":
    case "COMPARISON":
    case "CONJUNCTION":
    case "BETWEEN":
      break;
    default:
      refuse(`${String(node.class).toLowerCase().replaceAll("_", " ")} is not a scalar expression.`);
  }
  for (const key of ["children", "child", "left", "right", "input", "lower", "upper", "else_expr"]) {
    for (const child of nodes(node[key])) walk(child, known, refuse);
  }
  for (const check of nodes(node.case_checks)) {
    for (const child of [...nodes(check.when_expr), ...nodes(check.then_expr)]) walk(child, known, refuse);
  }
}
