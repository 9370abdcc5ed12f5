/** Text of a training program without what no database takes: control characters and halves of characters. */
export function readable(text: string): string {
  return text.toWellFormed().replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}
