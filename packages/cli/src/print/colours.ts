// Colours of the terminal, and when they are used: NO_COLOR (no-color.org) wins, then FORCE_COLOR, then whether a person reads.
import type { ScreenStream } from '../live/live-screen.ts';

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim';

const codes: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Puts text into a colour, or leaves it as it is. */
export type Paint = (colour: Colour | undefined, text: string) => string;

export const plain: Paint = (_colour, text) => text;

export const coloured: Paint = (colour, text) => {
  if (colour === undefined || text === '') return text;
  const [on, off] = codes[colour];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};

export type Environment = Readonly<Record<string, string | undefined>>;

export function decidePaint(stream: ScreenStream, environment: Environment): Paint {
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return plain;
  const { FORCE_COLOR: forced } = environment;
  if (forced !== undefined && forced !== '') return forced === '0' ? plain : coloured;
  return stream.isTTY === true && environment.TERM !== 'dumb' ? coloured : plain;
}

const colourByStatus: Readonly<Record<string, Colour>> = {
  RUNNING: 'green',
  COMPLETED: 'green',
  FINISHED: 'cyan',
  FAILED: 'red',
  FAILING: 'red',
};

/** Of a job, a task or a checkpoint. */
export function colourOfStatus(status: string): Colour {
  return colourByStatus[status] ?? 'yellow';
}
