// CRC-32 (IEEE 802.3, as in zip): zlib's own where this Node has it (20.15, 22.2 and later), a table else.
import * as zlib from 'node:zlib';

type Crc32 = (data: Uint8Array, seed?: number) => number;

const POLYNOMIAL = 0xedb88320;

function makeTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    table[byte] = value;
  }
  return table;
}

let table: Uint32Array | undefined;

/** The table version, for Node releases without zlib.crc32. */
export function crc32ByTable(data: Uint8Array, seed = 0): number {
  table ??= makeTable();
  let crc = ~seed;
  for (let i = 0; i < data.length; i++) crc = table[(crc ^ data[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** @param seed checksum of the bytes before `data`; 0 at the start */
export const crc32: Crc32 = (zlib as { crc32?: Crc32 }).crc32 ?? crc32ByTable;
