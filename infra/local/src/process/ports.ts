import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { hasCode, LocalError } from "../errors.ts";

// Below the range from which systems choose the ports of outgoing connections: a client that keeps trying to
// reach a stopped server could otherwise be given that server's own port.
const firstFreePort = 20_000;
const lastFreePort = 32_000;

/** A port that nothing listens on now. It can be taken before it is used: be ready to ask again. */
export async function chooseFreePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(firstFreePort, lastFreePort);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`found no free port from ${firstFreePort} to ${lastFreePort} on ${host}`);
}

/** Refuses a port that something else listens on, and names the setting to change. */
export async function assertPortFree(port: number, host: string, name: string, setting: string) {
  if (!(await isFree(port, host))) throw portTaken(port, host, name, setting);
}

export function portTaken(port: number, host: string, name: string, setting: string): LocalError {
  return new LocalError(
    "PORT_TAKEN",
    `Port ${port} on ${host}, meant for ${name}, is taken. End what listens there, or choose another port with ${setting}.`,
  );
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
    return true;
  } catch (error) {
    if (hasCode(error, "EADDRINUSE")) return false;
    throw error;
  } finally {
    server.close();
  }
}
