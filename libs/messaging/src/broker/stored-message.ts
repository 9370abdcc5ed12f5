import { JetStreamApiCodes, type JetStreamManager } from "@nats-io/jetstream";
import { hasApiCode } from "./api-error.ts";

/** What says whether a stream still holds at a place what was there before. */
export interface StoredIdentity {
  /** The message id that its publisher gave it. */
  readonly messageId: string | undefined;
  readonly storedAt: Date;
}

export interface StreamState {
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** Undefined where there is no such stream. */
export async function streamState(
  manager: JetStreamManager,
  stream: string,
): Promise<StreamState | undefined> {
  try {
    const { state } = await manager.streams.info(stream);
    return { firstSequence: state.first_seq, lastSequence: state.last_seq };
  } catch (error) {
    if (hasApiCode(error, JetStreamApiCodes.StreamNotFound)) return undefined;
    throw error;
  }
}

/** Undefined where the stream holds nothing at that place. */
export async function storedAt(
  manager: JetStreamManager,
  stream: string,
  sequence: number,
): Promise<StoredIdentity | undefined> {
  try {
    const message = await manager.streams.getMessage(stream, { seq: sequence });
    if (message === null) return undefined;
    return { messageId: message.header.get("Nats-Msg-Id") || undefined, storedAt: message.time };
  } catch (error) {
    if (hasApiCode(error, JetStreamApiCodes.NoMessageFound)) return undefined;
    throw error;
  }
}
