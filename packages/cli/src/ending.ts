// The end of a running server, asked for by a signal or by DELETE /cluster.

export class Ending {
  readonly asked: Promise<void>;
  #isAsked = false;
  #resolve: () => void = () => undefined;

  constructor() {
    this.asked = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  ask(): void {
    this.#isAsked = true;
    this.#resolve();
  }
}
