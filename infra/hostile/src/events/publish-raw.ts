import { once } from "node:events";
import { connect } from "node:net";
import type { EventInput } from "./event-input.ts";

/**
 * Publishes over a bare socket, because clients repair or refuse much of what an attacker may send. Returns why the
 * broker has not stored the message, or undefined where it has.
 */
export async function publishRaw(natsUrl: string, message: EventInput): Promise<string | undefined> {
  const { hostname, port } = new URL(natsUrl);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  try {
    await once(socket, "connect");
    const headers = message.headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const head = Buffer.from(`NATS/1.0\r\n${headers}\r\n`);
    const sizes = `${head.length} ${head.length + message.payload.length}`;
    socket.write('CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB _INBOX.raw.* 1\r\n');
    socket.write(`HPUB ${message.subject} _INBOX.raw.${process.pid} ${sizes}\r\n`);
    socket.write(head);
    socket.write(message.payload);
    socket.write("\r\n");
    return await answerOn(socket);
  } finally {
    socket.destroy();
  }
}

async function answerOn(socket: AsyncIterable<Buffer>): Promise<string | undefined> {
  let received = "";
  try {
    for await (const chunk of socket) {
      received += chunk.toString("latin1");
      const refusal = /^-ERR (.*)\r$/m.exec(received) ?? /^HMSG .*\r\nNATS\/1\.0 (\d+)/m.exec(received);
      if (refusal !== null) return refusal[1] ?? "";
      const answer = /^MSG _INBOX\.raw\.\S+ 1 \d+\r\n(\{.*\})\r$/m.exec(received)?.[1];
      if (answer === undefined) continue;
      const { error } = JSON.parse(answer);
      return error === undefined ? undefined : JSON.stringify(error);
    }
  } catch (error) {
    return String(error);
  }
  return "the broker closed the connection";
}
