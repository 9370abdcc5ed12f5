/** One hostile input of the corpus, with the one answer that is wanted for it. */
export interface HostileInput<Input, Answer> {
  /** Says what is wrong with it; unique within its surface. */
  readonly name: string;
  /** Row of section "Hostile inputs" in CATALOGUE.md. */
  readonly row: number;
  readonly input: Input;
  /** A stable code of a refusal, the state that the input ends in, or that it is taken. */
  readonly wanted: Answer;
}
