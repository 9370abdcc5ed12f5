const hidden = "[redacted]";

/**
 * What is a secret by its looks, whatever it is called. Each keeps its first group. Every repetition has a limit:
 * with open ones a line of "token-token-…" takes time by the cube of its length, and all of it of this process.
 */
const patterns: readonly RegExp[] = [
  /\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@:]{0,256}:[^\s/@]{1,1024}(?=@)/giu,
  /((?:authorization|bearer)["']?\s{0,8}[:=]?\s{0,8}(?:bearer\s{1,8}|basic\s{1,8})?)[\w.~+/=-]{8,}/giu,
  /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key)[\w-]{0,64}["']?\s{0,8}[:=]\s{0,8}["']?)[^\s"',;]{3,}/giu,
  /\b()AKIA[0-9A-Z]{16}\b/gu,
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
];

const secretName = /password|passwd|secret|token|key|credential/iu;
const secretLengthMin = 4;

/** The values of variables whose name says that they are secret. */
export function secretsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment)
    .filter(([name, value]) => secretName.test(name) && value.length >= secretLengthMin)
    .map(([, value]) => value)
    .sort((a, b) => b.length - a.length);
}

/** A program's output goes into the artifact store and into events: known secrets and likely ones do not. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text);
  return patterns.reduce((left, pattern) => left.replace(pattern, `$1${hidden}`), known);
}
