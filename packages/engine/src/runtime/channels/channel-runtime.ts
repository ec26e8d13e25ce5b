// What the generated code of channels calls, besides the codecs' runtime.
import type { ByteSink } from '../../serialization/byte-writer.ts';
import { codecRuntime } from '../../serialization/codec-runtime.ts';
import { readGeneric } from '../../serialization/generic-codec.ts';
import { readShapeDefinition, type ShapeReader, ShapeTag } from './learned-shape.ts';
import {
  type DictionarySource,
  readDictionaryString,
  readNewString,
  writeDictionaryString,
  writeKnown,
  writeStringId,
} from './string-dictionary.ts';

/** A source with everything its channel was told. */
export interface ChannelSource extends DictionarySource {
  /** By shape id. */
  readonly shapes: ShapeReader[];
}

export const channelRuntime = {
  ...codecRuntime,
  writeDictionaryString,
  writeKnown,
  writeStringId,
  readDictionaryString,
  readNewString,
  writeTextTag,
  readValue,
} as const;

function writeTextTag(out: ByteSink): void {
  if (out.pos + 1 > out.limit) out.reserve(1);
  out.bytes[out.pos++] = ShapeTag.Text;
}

/** Reads what ShapeRegistry.writeValue wrote. */
function readValue(input: ChannelSource): unknown {
  const tag = input.bytes[input.pos]!;
  if (tag < ShapeTag.Text) return readGeneric(input);
  input.pos++;
  switch (tag) {
    case ShapeTag.Known:
      return input.shapes[input.bytes[input.pos++]!]!(input);
    case ShapeTag.Define:
      return readNewShape(input);
    case ShapeTag.Array:
      return readItems(input);
    default:
      return readDictionaryString(input);
  }
}

function readNewShape(input: ChannelSource): unknown {
  const id = input.bytes[input.pos++]!;
  const read = readShapeDefinition(input, channelRuntime);
  input.shapes[id] = read;
  return read(input);
}

function readItems(input: ChannelSource): unknown[] {
  const items: unknown[] = [];
  let left = input.view.getUint32(input.pos, true);
  input.pos += 4;
  for (; left > 0; left--) items.push(readValue(input));
  return items;
}
