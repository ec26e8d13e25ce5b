import { INVALID_EVENT, nextRandom, nextState, seedOf } from '../src/generator.ts';
import type { RunOptions } from '../src/protocol.ts';
import type { Repetition } from '../src/serve-runs.ts';

/** The state machine as one loop: state in one Map, subtasks' generators one after the other. */
export function plainStateMachine({ records, keys, parallelism }: RunOptions): Repetition {
  const stateByAddress = new Map<number, number>();
  let results = 0;
  let checksum = 0;
  for (let subtask = 0; subtask < parallelism; subtask++) {
    const ownKeys = Math.floor(keys / parallelism);
    const count = Math.floor(records / parallelism);
    const states = new Uint8Array(ownKeys);
    let x = seedOf(subtask);
    for (let i = 0; i < count; i++) {
      x = nextRandom(x);
      const key = (x >>> 1) % ownKeys;
      let type = INVALID_EVENT;
      if ((x & 1023) !== 7) {
        const choice = (x >>> 20) & 1;
        const state = states[key]!;
        type = state * 2 + choice;
        states[key] = nextState(state, choice);
      }
      const event = { address: key * parallelism + subtask, type };
      const from = stateByAddress.get(event.address) ?? 0;
      if (event.type === INVALID_EVENT || event.type >> 1 !== from) {
        results++;
        checksum += event.address;
      } else {
        stateByAddress.set(event.address, nextState(from, event.type & 1));
      }
    }
  }
  return { records, results, checksum };
}
