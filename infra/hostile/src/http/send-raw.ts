import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Writes bytes to a service and reads what it says until it closes the connection. */
export async function sendRaw(url: string, request: Uint8Array): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  // A service that has answered need not read the rest, and resets the connection.
  socket.on("error", (error) => received.push(Buffer.from(received.length === 0 ? String(error) : "")));
  socket.write(request);
  await once(socket, "close");
  return readAnswer(Buffer.concat(received).toString("utf8"));
}

export function readAnswer(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const head = text.slice(0, end);
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
  if (status === undefined) throw new Error(`no answer of HTTP but: ${text.slice(0, 200)}`);
  const contentType = /^content-type: ([^;\r\n]*)/im.exec(head)?.[1] ?? "";
  return { status: Number(status), contentType, body: text.slice(end + 4) };
}
