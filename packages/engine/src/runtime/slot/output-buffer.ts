// Text of print sinks on its way to the coordinator: gathered over a turn, sent in order.
import type { SlotPort } from '../messages.ts';

export class OutputBuffer {
  readonly #port: SlotPort;
  #stream: 'stdout' | 'stderr' = 'stdout';
  #text: string[] = [];

  constructor(port: SlotPort) {
    this.#port = port;
  }

  print(stream: 'stdout' | 'stderr', text: string): void {
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    this.#text.push(text);
  }

  flush(): void {
    if (this.#text.length === 0) return;
    this.#port.send({ type: 'output', stream: this.#stream, text: this.#text.join('') });
    this.#text = [];
  }
}
