/**
 * Text from outside as Postgres can keep it: text and jsonb hold no zero character, and jsonb no half of a surrogate
 * pair. What takes the place of a zero is a control character too, so that an attribute that is refused for the one
 * is refused for the other as well.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\u001a");
}
