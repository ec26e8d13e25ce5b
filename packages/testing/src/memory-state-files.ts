// State files that stay in memory: every handle carries its bytes.
import { crc32, type StateFileFactory, type StateFileHandle, type StateFileWriter } from '@yeoul/engine/harness';

export class MemoryStateFiles implements StateFileFactory {
  readonly selfContained = true;

  create(): StateFileWriter {
    const parts: Uint8Array[] = [];
    return {
      write: (bytes) => {
        parts.push(bytes.slice());
      },
      get sizeBytes() {
        return parts.reduce((sum, part) => sum + part.length, 0);
      },
      close: async () => toHandle(concatenate(parts)),
      abort: async () => {},
    };
  }
}

function toHandle(bytes: Uint8Array): StateFileHandle {
  return { location: { kind: 'inline', bytes }, sizeBytes: bytes.length, crc32: crc32(bytes) };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
