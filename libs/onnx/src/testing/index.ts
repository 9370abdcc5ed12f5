export { ProtobufWriter } from "../write/protobuf-writer.ts";
export { doublingModel, endlessModel, memoryEatingModel, modelOf, node, value } from "./small-models.ts";
