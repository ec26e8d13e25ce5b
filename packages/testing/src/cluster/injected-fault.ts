/** A failure that a test asked for. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';

  constructor(where: string) {
    super(`Injected fault: ${where}`);
  }
}
