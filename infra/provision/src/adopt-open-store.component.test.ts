import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataArrivedV2, defaultParties, streamOf } from "@cascade/contracts";
import { findNatsServer, startNats } from "@cascade/local";
import { connectBroker, noLog, provisionStreams } from "@cascade/messaging";
import { temporaryDirectory } from "@cascade/testing";
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { adoptOpenStore } from "./adopt-open-store.ts";
import { brokerConfig } from "./broker-config.ts";
import { inFolder, openCredentials } from "./credentials.ts";
import { provisionBroker } from "./provision-broker.ts";

test("streams and consumers of a broker without accounts go on in one that has them", async () => {
  await using directory = await temporaryDirectory();
  const { path: binary } = await findNatsServer({ environment: process.env });
  const options = { directory: directory.path, port: 0, binary, durable: false };
  const stream = streamOf(DataArrivedV2);

  const open = await startNats(options);
  const anybody = await connect({ servers: open.url });
  await provisionStreams(anybody);
  await (await jetstreamManager(anybody)).consumers.add(stream, {
    durable_name: "ingestion_ingest-on-data-arrived",
    ack_policy: AckPolicy.Explicit,
  });
  await jetstream(anybody).publish(`${DataArrivedV2.type}.flights`, "{}");
  await anybody.close();
  await open.stop();

  const credentials = await openCredentials({
    parties: defaultParties,
    fileOf: inFolder(join(directory.path, "keys")),
  });
  // A second start finds nothing left to do.
  for (const _ of ["first", "second"]) {
    await adoptOpenStore(join(directory.path, "store"));
    const closed = await startNats({
      ...options,
      settings: brokerConfig(defaultParties, credentials),
      probeSeed: (await readFile(credentials.fileOf("provisioner"), "utf8")).trim(),
    });
    const access = { servers: closed.url, nkeyFile: credentials.fileOf("provisioner") };
    await provisionBroker(access, defaultParties);
    const provisioner = await connectBroker({ ...access, name: "provisioner", log: noLog });
    const manager = await jetstreamManager(provisioner);
    expect(await manager.streams.info(stream)).toMatchObject({ state: { messages: 1, consumer_count: 1 } });
    await provisioner.close();
    await closed.stop();
  }
});
