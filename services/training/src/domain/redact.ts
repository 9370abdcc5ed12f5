const hidden = "[redacted]";

/** What is a secret by its looks, whatever it is called. Each keeps its first group. */
const patterns: readonly RegExp[] = [
  /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+(?=@)/giu,
  /((?:authorization|bearer)["']?\s*[:=]?\s*(?:bearer\s+|basic\s+)?)[\w.~+/=-]{8,}/giu,
  /\b((?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)[\w-]*)["']?\s*[:=]\s*["']?)[^\s"',;]{3,}/giu,
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
