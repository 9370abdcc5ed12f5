const hidden = "[redacted]";
const secretName = /password|passwd|secret|token|nkey|headers$/i;
// The secret is in the file and not in its name.
const fileName = /(_file|_path|_ca|_cert|_tls_key)$/i;
/** Shorter ones would hide half of a log. */
const secretLengthMin = 4;
const passwordInUrl = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"]*:[^\s/@"]*(?=@)/giu;

type Variables = Readonly<Record<string, string | undefined>>;

/** What must not be told of the settings that a process got: passwords in addresses, and what is secret by its name. */
export function secretsIn(environment: Variables): readonly string[] {
  const found = Object.entries(environment).flatMap(([name, value]) => secretsOf(name, value ?? ""));
  const forms = found.flatMap((secret) => [secret, decoded(secret), JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)]
    .filter((secret) => secret.length >= secretLengthMin)
    .sort((a, b) => b.length - a.length);
}

/** Makes a function that takes secrets out of a text, and passwords out of any address in it. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  return (text) =>
    secrets
      .reduce((left, secret) => left.replaceAll(secret, hidden), text)
      .replace(passwordInUrl, `$1${hidden}`);
}

function secretsOf(name: string, value: string): string[] {
  const inUrl = /^[a-z][a-z0-9+.-]*:\/\/[^/@]*?:([^/@]+)@/iu.exec(value)?.[1];
  const nested = readObject(value);
  if (nested !== undefined) return Object.entries(nested).flatMap(([key, inner]) => secretsOf(key, inner));
  const isSecret = secretName.test(name) && !fileName.test(name);
  // Headers for a collector of traces: `authorization=Bearer abc,x-team=ml`.
  const parts = isSecret && /headers$/i.test(name) ? value.split(",").map(afterEqualSign) : [];
  return [...(inUrl === undefined ? [] : [inUrl]), ...(isSecret ? [value, ...parts] : [])];
}

function afterEqualSign(text: string): string {
  return text.slice(text.indexOf("=") + 1).trim();
}

/** Variables for a training program stand in one of ours, as a JSON object. */
function readObject(text: string): Record<string, string> | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, String(inner)]));
  } catch {
    // No JSON, and so nothing in it. Whether it should have been some is for its setting to say.
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}
