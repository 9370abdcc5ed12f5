import { headers as createHeaders, type MsgHdrs } from "@nats-io/transport-node";

type HeaderList = readonly (readonly [string, string])[];

/** The headers of a NATS message as pairs; a name that stands several times gives several. */
export function readHeaders(headers: MsgHdrs | undefined): [string, string][] {
  const pairs: [string, string][] = [];
  for (const [name, values] of headers ?? []) {
    for (const value of values) pairs.push([name, value]);
  }
  return pairs;
}

export function writeHeaders(pairs: HeaderList): MsgHdrs {
  const headers = createHeaders();
  for (const [name, value] of pairs) headers.set(name, value);
  return headers;
}
