/** Text from outside without what no database and no terminal takes: control characters, half characters. */
export function readable(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}/gu, "\uFFFD");
}

/** An address as it may be told to others: without a user, a password, or characters that are none. */
export function toldAddress(uri: string): string {
  return readable(uri).replace(/^([a-z][a-z0-9+.-]*:[/\\]*)[^/\\?#]*@/iu, "$1");
}
