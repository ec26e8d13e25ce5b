// Strings as bytes. Two forms, chosen per string: Latin-1 when every code unit fits one byte, else UTF-16 (little-endian).
// Every JavaScript string survives unchanged, lone surrogates included.
//   [length < 0xFE] latin1…            short Latin-1
//   [0xFE] [length uint32] latin1…     long Latin-1
//   [0xFF] [length uint32] utf16…      length counts code units
import { appError } from '../errors.ts';
import type { ByteSource } from './byte-reader.ts';
import type { ByteSink } from './byte-writer.ts';

const LONG_LATIN1 = 0xfe;
const UTF16 = 0xff;
const LONG_HEADER_BYTES = 5;
/** Up to here a loop over charCodeAt beats the call into Buffer (bench/channels.bench.ts). */
const LOOP_LIMIT = 48;
const NOT_LATIN1 = /[\u0100-\uffff]/;

export function writeString(out: ByteSink, text: string): void {
  const length = text.length;
  if (length > LOOP_LIMIT) return writeLongString(out, text);
  if (out.pos + length + 1 > out.limit) out.reserve(length + 1);
  const start = out.pos;
  const bytes = out.bytes;
  bytes[start] = length;
  let pos = start + 1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return writeUtf16(out, text);
    bytes[pos++] = unit;
  }
  out.pos = pos;
}

function writeLongString(out: ByteSink, text: string): void {
  if (NOT_LATIN1.test(text)) return writeUtf16(out, text);
  const length = text.length;
  out.reserve(length + LONG_HEADER_BYTES);
  if (length < LONG_LATIN1) {
    out.bytes[out.pos++] = length;
  } else {
    out.bytes[out.pos++] = LONG_LATIN1;
    out.view.setUint32(out.pos, length, true);
    out.pos += 4;
  }
  bufferOver(out.bytes).latin1Write(text, out.pos, length);
  out.pos += length;
}

function writeUtf16(out: ByteSink, text: string): void {
  const length = text.length;
  out.reserve(length * 2 + LONG_HEADER_BYTES);
  out.bytes[out.pos] = UTF16;
  const view = out.view;
  view.setUint32(out.pos + 1, length, true);
  const start = out.pos + LONG_HEADER_BYTES;
  if (length > LOOP_LIMIT) bufferOver(out.bytes).ucs2Write(text, start, length * 2);
  else for (let i = 0; i < length; i++) view.setUint16(start + i * 2, text.charCodeAt(i), true);
  out.pos = start + length * 2;
}

export function readString(input: ByteSource): string {
  const header = input.bytes[input.pos]!;
  if (header >= LONG_LATIN1) return readLongString(input, header);
  const start = input.pos + 1;
  const end = start + header;
  input.pos = end;
  if (end > input.bytes.length) throw truncated(end, input.bytes.length);
  return header <= 12 ? readShortLatin1(input.bytes, start, header) : bufferOver(input.bytes).latin1Slice(start, end);
}

function readLongString(input: ByteSource, header: number): string {
  const length = input.view.getUint32(input.pos + 1, true);
  const start = input.pos + LONG_HEADER_BYTES;
  const end = start + (header === UTF16 ? length * 2 : length);
  if (end > input.bytes.length) throw truncated(end, input.bytes.length);
  input.pos = end;
  const buffer = bufferOver(input.bytes);
  return header === UTF16 ? buffer.ucs2Slice(start, end) : buffer.latin1Slice(start, end);
}

function truncated(neededEnd: number, available: number): Error {
  return appError('SERIALIZED_DATA_INVALID', [`a string ends at byte ${neededEnd} of ${available}`]);
}

/** One call with all code units: cheaper than a call into Buffer for up to a dozen characters. */
function readShortLatin1(b: Uint8Array, p: number, length: number): string {
  const from = String.fromCharCode;
  switch (length) {
    case 0:
      return '';
    case 1:
      return from(b[p]!);
    case 2:
      return from(b[p]!, b[p + 1]!);
    case 3:
      return from(b[p]!, b[p + 1]!, b[p + 2]!);
    case 4:
      return from(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!);
    case 5:
      return from(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!);
    case 6:
      return from(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!);
    case 7:
      return from(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!);
    case 8:
      return from(b[p]!, b[p + 1]!, b[p + 2]!, b[p + 3]!, b[p + 4]!, b[p + 5]!, b[p + 6]!, b[p + 7]!);
    default:
      return readShortLatin1(b, p, 8) + readShortLatin1(b, p + 8, length - 8);
  }
}

interface NodeBuffer extends Uint8Array {
  latin1Write(text: string, offset: number, length: number): number;
  ucs2Write(text: string, offset: number, length: number): number;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
}

const buffers = new WeakMap<Uint8Array, NodeBuffer>();
let lastBytes: Uint8Array | undefined;
let lastBuffer: NodeBuffer | undefined;

/** Buffer's string methods over the memory of `bytes`; the view is kept. */
function bufferOver(bytes: Uint8Array): NodeBuffer {
  if (bytes === lastBytes) return lastBuffer!;
  let buffer = buffers.get(bytes);
  if (buffer === undefined) {
    buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as NodeBuffer;
    buffers.set(bytes, buffer);
  }
  lastBytes = bytes;
  lastBuffer = buffer;
  return buffer;
}
