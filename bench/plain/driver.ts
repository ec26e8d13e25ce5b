// The floor under every engine: the same work as one plain loop on one thread, with no exchange, no serialization, no
// checkpoints and no watermarks beyond what the answer needs.
import { parseRunOptions, type RunOptions } from '../src/protocol.ts';
import { type Repetition, serveRuns } from '../src/serve-runs.ts';
import { plainStateMachine } from './state-machine.ts';
import { plainWindows } from './windows.ts';
import { plainWordCount } from './word-count.ts';

function runPlain(options: RunOptions): Repetition | Promise<Repetition> {
  switch (options.bench) {
    case 'statemachine':
      return plainStateMachine(options);
    case 'windows':
      return plainWindows(options, 1_000, 1_000);
    case 'sliding':
      return plainWindows(options, 10_000, 1_000);
    case 'wordcount':
      return plainWordCount(options);
  }
}

const options = parseRunOptions(process.argv.slice(2));
await serveRuns('plain', options, () => runPlain(options));
