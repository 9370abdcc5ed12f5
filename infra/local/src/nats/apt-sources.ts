/** One place that apt takes packages from. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  /** As written: a path, a fingerprint or a whole key over several lines. */
  readonly signedBy?: string;
  readonly trusted?: string;
}

/** Reads the stanzas of a `.sources` file (deb822). */
export function parseSourcesFile(text: string): AptSource[] {
  const stanzas = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .split(/\n[ \t]*\n/);
  return stanzas.flatMap((stanza) => {
    const fields = new Map<string, string>();
    let last = "";
    for (const line of stanza.split("\n")) {
      const field = /^([A-Za-z-]+):(.*)$/.exec(line);
      if (field?.[1] !== undefined) {
        last = field[1].toLowerCase();
        fields.set(last, (field[2] ?? "").trim());
      } else if (last !== "" && /^\s/.test(line)) {
        fields.set(last, `${fields.get(last)}\n${line}`);
      }
    }
    if (/^(no|false|0|off|without|disable)$/i.test(fields.get("enabled") ?? "")) return [];
    if (!words(fields.get("types")).includes("deb")) return [];
    return [
      {
        uris: words(fields.get("uris")),
        suites: words(fields.get("suites")),
        ...keys(fields.get("signed-by"), fields.get("trusted")),
      },
    ];
  });
}

/** Reads a `sources.list`: one line per source, options in brackets. */
export function parseSourcesList(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const [, options = "", uri, suite] = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
    if (uri === undefined || suite === undefined) return [];
    const option = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(options)?.[1];
    return [{ uris: [uri], suites: [suite], ...keys(option("signed-by"), option("trusted")) }];
  });
}

/** The stanza that reads one suite from the same place and with the same keys. */
export function writeSourcesFile(source: AptSource, suite: string, component: string): string {
  return [
    "Types: deb",
    `URIs: ${source.uris.join(" ")}`,
    `Suites: ${suite}`,
    `Components: ${component}`,
    // Of everything that apt could fetch, the list of packages is enough.
    "Targets: Packages",
    ...(source.signedBy === undefined ? [] : [`Signed-By: ${source.signedBy}`]),
    ...(source.trusted === undefined ? [] : [`Trusted: ${source.trusted}`]),
    "",
  ].join("\n");
}

function words(text = ""): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function keys(signedBy: string | undefined, trusted: string | undefined) {
  return {
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(trusted === undefined ? {} : { trusted }),
  };
}
