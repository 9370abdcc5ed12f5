/** A whole number as a command line gives it. Throws where it is none, or below `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${option} must be a whole number from ${least}, not "${text}"`);
}
