// What the environment and the streams offer once this connector is imported.
import { installConnectorHooks, WatermarkStrategy } from '@yeoul/engine';
import { TextLineFormat } from './formats/text-line-format.ts';
import { FileSource } from './source/file-source.ts';

installConnectorHooks({
  textFileSource: (path, options) => FileSource.forRecordStreamFormat(new TextLineFormat(options), path).build(),
  readTextFile(env, path, options) {
    const source = FileSource.forRecordStreamFormat(new TextLineFormat(options), path).build();
    return env.fromSource(source, WatermarkStrategy.noWatermarks(), 'Custom File Source');
  },
});
