// The `console` of a program: what it prints takes the way of print sinks to the job's output, in order with them, instead of the thread's own
// standard output, whose last lines are lost when the thread ends.
import { Console } from 'node:console';
import { Writable } from 'node:stream';

export type PrintText = (stream: 'stdout' | 'stderr', text: string) => void;

export function createProgramConsole(print: PrintText): Console {
  return new Console({ stdout: printing('stdout', print), stderr: printing('stderr', print) });
}

function printing(stream: 'stdout' | 'stderr', print: PrintText): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      print(stream, chunk.toString());
      done();
    },
  });
}
