import { PipelineSubmittedV1 } from "@cascade/contracts";
import {
  type BrokerAccess,
  connectBroker,
  createPublisher,
  MessagingSettings,
  noLog,
} from "@cascade/messaging";
import { v7 as uuidv7 } from "uuid";

/** Submits a pipeline file as an operator would; returns the pipeline's name. */
export async function submitPipeline(access: BrokerAccess, text: string, fileName: string): Promise<string> {
  const name = /^pipeline:\s*([a-z0-9-]+)\s*$/m.exec(text)?.[1] ?? "unnamed";
  const connection = await connectBroker({ ...access, name: "stack", user: "operator", log: noLog });
  try {
    const publisher = createPublisher({
      connection,
      source: "urn:cascade:stack",
      settings: MessagingSettings.parse({}),
      now: () => new Date(),
      newId: uuidv7,
    });
    await publisher.publish(PipelineSubmittedV1.create(name, { text, fileName, by: "npm start" }));
  } finally {
    await connection.close();
  }
  return name;
}
