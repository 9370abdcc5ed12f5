import { printable, shorten } from "../follow/format.ts";
import type { DeadLetter } from "./read-dead-letters.ts";

/** A dead letter in two lines. */
export function summaryOf(letter: DeadLetter): string {
  return (
    `${letter.deadLetterId}  ${letter.status}  ${letter.service}/${letter.handler}  ${letter.reason}  ${letter.recordedAt}\n` +
    `    ${printable(letter.event.type)} [${letter.pipeline}]: ${shorten(letter.error.message, 160)}`
  );
}

/** Everything that is known of a dead letter but the cascade; what came from outside cannot steer a terminal. */
export function detailsOf(letter: DeadLetter): string[] {
  const { event, error } = letter;
  const times =
    letter.firstRecordedAt === letter.recordedAt
      ? `at ${letter.recordedAt}`
      : `first at ${letter.firstRecordedAt}, last at ${letter.recordedAt}`;
  return [
    `dead letter  ${letter.deadLetterId} (${letter.status})`,
    `service      ${letter.service}, handler ${letter.handler}`,
    `reason       ${letter.reason} after ${letter.attempts} attempt(s), ${times}`,
    `error        ${error.code ?? error.name}: ${printable(error.message)}`,
    `event        ${printable(event.type)} ${printable(event.id)} on ${printable(event.subject)}`,
    ...headerLines(event),
    ...payloadLines(letter),
  ];
}

function headerLines({ headers, headersTruncated }: DeadLetter["event"]): string[] {
  if (headers === undefined) return [];
  const lines = headers.map(
    ({ name, value }, index) => `${index === 0 ? "headers" : ""}`.padEnd(13) + printable(`${name}: ${value}`),
  );
  return headersTruncated === true ? [...lines, "             … (cut here)"] : lines;
}

function payloadLines({ event, service }: DeadLetter): string[] {
  const { payload, payloadBase64, payloadBytes, payloadTruncated } = event;
  const length = payloadBytes === undefined ? "" : `${payloadBytes} byte(s)`;
  const form = payloadBase64 === undefined ? "" : ", no text, in Base64";
  const head = `payload      ${length}${form}`.trimEnd();
  const cut = payloadTruncated
    ? [`             … (cut here; whole in the table ${service}.dead_letters of the service's database)`]
    : [];
  return [head, `             ${payloadBase64 ?? printable(payload)}`, ...cut];
}
