// A job whose map spins, or waits in native code, from its third record on.
import { spawnSync } from 'node:child_process';
import type { Program } from 'yeoul';

function spinForEver(): never {
  for (let turn = 0; ; turn = (turn * 31 + 7) | 0) {
    // Nothing ends it.
  }
}

function waitInNativeCode(): void {
  spawnSync(process.execPath, ['-e', 'setTimeout(() => undefined, 30_000)']);
}

const program: Program = async (env, args) => {
  env
    .fromSequence(1, 1_000_000_000)
    .map((value) => {
      if (value === 3 && args[0] === 'spin') spinForEver();
      if (value === 3 && args[0] === 'wait') waitInNativeCode();
      return value;
    })
    .filter((value) => value < 0)
    .print();
  console.log('token=hunter2 printed by the program');
  await env.execute('Spinning');
};

export default program;
