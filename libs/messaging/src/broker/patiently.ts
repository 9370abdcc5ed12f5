/** Asks again where the broker has not answered in time; any other answer counts at once. */
export async function patiently<T>(attemptsMax: number, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      if (!isLate || attempt >= attemptsMax) throw error;
    }
  }
}
