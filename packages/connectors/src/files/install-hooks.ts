// What the environment and the streams offer once this connector is imported.
import { formatRecord, installConnectorHooks, Types, WatermarkStrategy } from '@yeoul/engine';
import { TextLineFormat } from './formats/text-line-format.ts';
import { toCsvRow } from './sink/csv-row.ts';
import { TextFileSink } from './sink/text-file-sink.ts';
import { FileSource } from './source/file-source.ts';

installConnectorHooks({
  readTextFile(env, path, options) {
    const source = FileSource.forRecordStreamFormat(new TextLineFormat(options), path).build();
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), 'Custom File Source', Types.string);
  },
  textFileSource(path, options) {
    return FileSource.forRecordStreamFormat(new TextLineFormat(options), path).build();
  },
  textFileSink(path, { overwrite = false, rowDelimiter = '\n' }) {
    return new TextFileSink({ path, overwrite, toRow: (record) => formatRecord(record) + rowDelimiter });
  },
  csvFileSink(path, { overwrite = false, rowDelimiter = '\n', fieldDelimiter = ',' }) {
    return new TextFileSink({ path, overwrite, toRow: (record) => toCsvRow(record, fieldDelimiter, rowDelimiter) });
  },
});
