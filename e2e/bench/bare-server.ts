import { readFile } from "node:fs/promises";
import { loadModel } from "@cascade/onnx";
import Fastify from "fastify";
import { z } from "zod";

// fastify with onnxruntime-node and nothing else: one model, one run per request.
const Input = z.object({
  name: z.string(),
  datatype: z.string(),
  data: z.array(z.union([z.number(), z.string()])),
});
const Body = z.object({ inputs: z.array(Input) });

const model = await loadModel(await readFile(process.argv[2] ?? ""), { intraOpThreads: 1 });
const app = Fastify({ logger: false });
app.post("/infer", async (request) => {
  const { inputs } = Body.parse(request.body);
  const columns = Object.fromEntries(inputs.map(({ name, data }) => [name, data]));
  const outputs = await model.run(columns, inputs[0]?.data.length ?? 0);
  return {
    outputs: Object.entries(outputs).map(([name, { data, shape }]) => ({
      name,
      shape,
      data: Array.from(data, Number),
    })),
  };
});
process.send?.({ url: await app.listen({ host: "127.0.0.1", port: 0 }) });
