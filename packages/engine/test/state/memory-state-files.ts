// State files in memory, for tests: everything comes back inline.
import { crc32 } from '../../src/checkpoint/crc32.ts';
import type { StateFileFactory, StateFileWriter } from '../../src/checkpoint/state-file-factory.ts';
import type { StateFileHandle } from '../../src/checkpoint/state-handles.ts';

export class MemoryStateFiles implements StateFileFactory {
  readonly selfContained: boolean;
  readonly created: ('exclusive' | 'shared')[] = [];

  constructor(selfContained = false) {
    this.selfContained = selfContained;
  }

  create(scope: 'exclusive' | 'shared'): StateFileWriter {
    this.created.push(scope);
    const parts: Uint8Array[] = [];
    return {
      write: (bytes) => {
        parts.push(bytes);
      },
      get sizeBytes() {
        return parts.reduce((sum, part) => sum + part.length, 0);
      },
      close: async () => handleOf(Buffer.concat(parts)),
      abort: async () => {},
    };
  }
}

/** A handle as if these bytes had been written. */
export function handleOf(bytes: Uint8Array): StateFileHandle {
  return { location: { kind: 'inline', bytes }, sizeBytes: bytes.length, crc32: crc32(bytes) };
}
