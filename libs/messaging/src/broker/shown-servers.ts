/** The addresses of a broker as an error may tell them: a user, password or token in one stays untold. */
export function shownServers(servers: string | readonly string[]): string {
  return [servers]
    .flat()
    .map((server) => server.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, "$1"))
    .join(", ");
}
