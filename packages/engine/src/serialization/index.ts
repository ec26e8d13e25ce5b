// Serialization: values to bytes and back, by declared type or by inspection.
export { ByteReader, type ByteSource } from './byte-reader.ts';
export { type ByteSink, ByteWriter } from './byte-writer.ts';
export {
  createSerializer,
  deserializeFromBytes,
  SERIALIZER_VERSION,
  type Serializer,
  serializeToBytes,
} from './serializer.ts';
export { type CompatibilityCheck, checkCompatibility } from './type-compatibility.ts';
export { describeType, parseTypeDescription } from './type-description.ts';
