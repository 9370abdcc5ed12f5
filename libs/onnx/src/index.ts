export type { ElementType } from "./element-types.ts";
export type { Attribute, Dimension, NodeDefinition } from "./write/graph-builder.ts";
export { GraphBuilder } from "./write/graph-builder.ts";
