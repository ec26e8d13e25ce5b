// Bytes of _metadata:
//   magic "YEOULCKP" | u32 format version | u32 length of description | u32 length of blobs | description, JSON UTF-8 | blobs | u32 crc32 of all before
// Integers little-endian. The description is CheckpointMetadata with inline state as {kind: "inline", offset, sizeBytes} into blobs.

import { appError, toError } from '../errors.ts';
import type { CheckpointMetadata } from './checkpoint-metadata.ts';
import { crc32 } from './crc32.ts';

const MAGIC = 'YEOULCKP';
const HEADER_BYTES = 20;
const CRC_BYTES = 4;
/** Of shared files, as seen from _metadata. */
export const SHARED_DIRECTORY = '../shared';
/** No path: nothing that leads out of a folder. */
const FILE_NAME = /^(?!\.)[^/\\]+$/;
export const METADATA_FORMAT_VERSION = 1;

export function encodeMetadata(metadata: CheckpointMetadata): Uint8Array {
  const blobs: Uint8Array[] = [];
  let blobBytes = 0;
  const json = JSON.stringify(metadata, function replace(this: Record<string, unknown>, key, value: unknown) {
    // Not `value`: a Buffer has gone through its own toJSON by then.
    const raw = this[key];
    if (!(raw instanceof Uint8Array)) return value;
    const reference = { offset: blobBytes, sizeBytes: raw.length };
    blobs.push(raw);
    blobBytes += raw.length;
    return reference;
  });
  const description = Buffer.from(json, 'utf8');
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(METADATA_FORMAT_VERSION, 8);
  header.writeUInt32LE(description.length, 12);
  header.writeUInt32LE(blobBytes, 16);
  const body = Buffer.concat([header, description, ...blobs]);
  const trailer = Buffer.alloc(CRC_BYTES);
  trailer.writeUInt32LE(crc32(body), 0);
  return Buffer.concat([body, trailer]);
}

/**
 * @param location named in errors
 * @throws METADATA_CORRUPT, METADATA_NEWER
 */
export function decodeMetadata(bytes: Uint8Array, location: string): CheckpointMetadata {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const corrupt = (why: string) => appError('METADATA_CORRUPT', [location, why]);
  if (buffer.length < HEADER_BYTES) throw corrupt(`truncated: ${buffer.length} bytes`);
  if (buffer.toString('latin1', 0, 8) !== MAGIC) throw corrupt(`it does not begin with ${MAGIC}`);
  const version = buffer.readUInt32LE(8);
  if (version > METADATA_FORMAT_VERSION) {
    throw appError('METADATA_NEWER', [location, version, METADATA_FORMAT_VERSION]);
  }
  const blobStart = HEADER_BYTES + buffer.readUInt32LE(12);
  const end = blobStart + buffer.readUInt32LE(16);
  if (buffer.length < end + CRC_BYTES) throw corrupt(`truncated: ${buffer.length} of ${end + CRC_BYTES} bytes`);
  if (buffer.length > end + CRC_BYTES) throw corrupt(`${buffer.length - end - CRC_BYTES} bytes too many`);
  if (buffer.readUInt32LE(end) !== crc32(buffer.subarray(0, end))) throw corrupt('its checksum does not match');
  try {
    return parseDescription(buffer.toString('utf8', HEADER_BYTES, blobStart), buffer.subarray(blobStart, end));
  } catch (error) {
    throw corrupt(`its description cannot be read: ${toError(error).message}`);
  }
}

function parseDescription(json: string, blobs: Uint8Array): CheckpointMetadata {
  return JSON.parse(json, (key, value: unknown) => {
    checkPlace(key, value);
    if (!isInlineReference(value)) return value;
    const { offset, sizeBytes } = value.bytes;
    // A copy: a view would drag all of _metadata along when it is posted to a slot.
    return { kind: 'inline', bytes: new Uint8Array(blobs.subarray(offset, offset + sizeBytes)) };
  }) as CheckpointMetadata;
}

/** Files are read, and removed with a savepoint, where _metadata says: whoever wrote it may not point elsewhere. */
function checkPlace(key: string, value: unknown): void {
  if (key === 'sharedDirectory' && value !== SHARED_DIRECTORY) throw new Error(`shared files are not in ${value}`);
  const location = value as { readonly kind?: unknown; readonly scope?: unknown; readonly path?: unknown } | null;
  if (typeof location !== 'object' || location?.kind !== 'file' || location.scope === undefined) return;
  if (typeof location.path !== 'string' || !FILE_NAME.test(location.path)) {
    throw new Error(`${location.path} is no name of a state file`);
  }
}

interface InlineReference {
  readonly kind: 'inline';
  readonly bytes: { readonly offset: number; readonly sizeBytes: number };
}

function isInlineReference(value: unknown): value is InlineReference {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'inline';
}
