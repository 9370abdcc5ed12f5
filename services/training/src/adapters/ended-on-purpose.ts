/** Why a program is ended for good: nobody is to go on with it, as another worker does where the service has stopped. */
export class EndedOnPurpose extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EndedOnPurpose";
  }
}
