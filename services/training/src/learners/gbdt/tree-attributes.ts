import type { Attribute } from "@cascade/onnx";
import type { ClassTree, GbdtModel } from "./gbdt-model.ts";
import type { Tree } from "./tree.ts";

/** A forest as the parallel lists of ONNX's TreeEnsembleRegressor. */
export function treeAttributes(model: GbdtModel): Record<string, Attribute> {
  const trees = model.rounds.flat();
  // The operator needs at least one tree; without any, the base scores are the whole answer.
  const forest = trees.length > 0 ? trees : [emptyTree];
  const lists = {
    treeIds: [] as number[],
    nodeIds: [] as number[],
    features: [] as number[],
    values: [] as number[],
    modes: [] as string[],
    left: [] as number[],
    right: [] as number[],
    missingLeft: [] as number[],
    targetTrees: [] as number[],
    targetNodes: [] as number[],
    targetIds: [] as number[],
    weights: [] as number[],
  };
  forest.forEach(({ tree, classIndex }, treeId) => {
    for (let node = 0; node < tree.nodeCount; node++) {
      const feature = tree.feature[node] ?? -1;
      const isLeaf = feature < 0;
      lists.treeIds.push(treeId);
      lists.nodeIds.push(node);
      lists.features.push(isLeaf ? 0 : feature);
      lists.values.push(isLeaf ? 0 : (tree.threshold[node] ?? 0));
      lists.modes.push(isLeaf ? "LEAF" : "BRANCH_LEQ");
      lists.left.push(isLeaf ? 0 : (tree.left[node] ?? 0));
      lists.right.push(isLeaf ? 0 : (tree.right[node] ?? 0));
      lists.missingLeft.push(isLeaf ? 0 : (tree.missingLeft[node] ?? 0));
      if (!isLeaf) continue;
      lists.targetTrees.push(treeId);
      lists.targetNodes.push(node);
      lists.targetIds.push(classIndex);
      lists.weights.push(tree.value[node] ?? 0);
    }
  });
  return {
    nodes_treeids: { ints: lists.treeIds },
    nodes_nodeids: { ints: lists.nodeIds },
    nodes_featureids: { ints: lists.features },
    nodes_values: { floats: lists.values },
    nodes_hitrates: { floats: lists.values.map(() => 1) },
    nodes_modes: { texts: lists.modes },
    nodes_truenodeids: { ints: lists.left },
    nodes_falsenodeids: { ints: lists.right },
    nodes_missing_value_tracks_true: { ints: lists.missingLeft },
    target_treeids: { ints: lists.targetTrees },
    target_nodeids: { ints: lists.targetNodes },
    target_ids: { ints: lists.targetIds },
    target_weights: { floats: lists.weights },
  };
}

const soleLeaf: Tree = {
  nodeCount: 1,
  feature: Int32Array.of(-1),
  threshold: Float32Array.of(0),
  missingLeft: Uint8Array.of(0),
  left: Int32Array.of(0),
  right: Int32Array.of(0),
  value: Float64Array.of(0),
  gain: Float64Array.of(0),
};
const emptyTree: ClassTree = { classIndex: 0, tree: soleLeaf };
