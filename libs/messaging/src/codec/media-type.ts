const structured = "application/cloudevents";
const batch = "application/cloudevents-batch";

/** The type without its parameters, in lower case: `Application/JSON; charset=utf-8` is `application/json`. */
export function essenceOf(mediaType: string): string {
  return mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

export function isJson(essence: string): boolean {
  return essence === "application/json" || essence === "text/json" || essence.endsWith("+json");
}

/** How a message carries its event, by its Content-Type header. */
export function contentModeOf(
  contentType: string | undefined,
): "structured" | "batch" | "binary" | "foreign" {
  if (contentType === undefined) return "binary";
  const essence = essenceOf(contentType);
  if (essence === `${structured}+json`) return "structured";
  if (essence === batch || essence.startsWith(`${batch}+`)) return "batch";
  // A bare `application/cloudevents`, or another event format such as `+xml` or `+avro`.
  return essence.startsWith(structured) ? "foreign" : "binary";
}
