import type { Durable } from "../reactions.ts";

/** Subjects of the broker's interface, each for exactly one right. */

/** Reading a durable: asking for messages, looking at its state, answering. Both forms of answers are listed. */
export function consumeSubjects(stream: string, durable: string): string[] {
  return [
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    // What servers will use one day: after the domain and a digest of the account.
    `$JS.ACK.*.*.${stream}.${durable}.>`,
  ];
}

/**
 * How outsiders address the broker's interface: as that of another domain, for under the usual subjects the broker
 * answers too, and says that their own account has no streams. Every client has a setting for it.
 */
export const outsideDomain = "cascade";

export function inOutsideDomain(subject: string): string {
  return subject.replace(/^\$JS\.API\./, `$JS.${outsideDomain}.API.`);
}

/** Making a durable, mending it and making it again where the broker has lost it. Its filter is part of the right. */
export function keepSubjects({ stream, name, filterSubject }: Durable): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${stream}.${name}.${filterSubject}`,
    `$JS.API.CONSUMER.RESET.${stream}.${name}`,
    `$JS.API.CONSUMER.DELETE.${stream}.${name}`,
  ];
}

/**
 * Reading along without a durable, under a name that the client makes up. A name is one token of a subject, so it
 * is any name of the stream; without the right to acknowledge, no other reader can be made to lose a message.
 */
export function readAlongSubjects(stream: string, filter: string): string[] {
  return [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.*.${filter}`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  ];
}

/** Reading single rows of a key-value bucket, each under its own subject; nobody may list or watch them. */
export function readRowSubjects(stream: string, prefix: string): string[] {
  return [`$JS.API.DIRECT.GET.${stream}.${prefix}.>`];
}

/** Writing them, and making the bucket again where the broker has lost it. */
export function writeRowSubjects(stream: string, prefix: string): string[] {
  return [
    ...readRowSubjects(stream, prefix),
    `${prefix}.>`,
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.CREATE.${stream}`,
  ];
}

/** Where answers to a user's requests go. One prefix per user, so that nobody can listen to those of another. */
export function inboxPrefixOf(user: string): string {
  return `_INBOX_${user}`;
}
