// Ports as Flink writes them: one, a range, or a list of both: "8081", "8081-8090", "8081,8090-8095".
// @see Apache Flink, NetUtils.getPortRangeFromString
import { appError } from '@yeoul/engine';
import { UsageError } from '../usage-error.ts';

const MAX_PORT = 65_535;

/** In the order in which they are tried. @throws UsageError */
export function parsePortRange(key: string, text: string): readonly number[] {
  const ports = text.split(',').map((part) => parsePart(part.trim()));
  if (ports.every((part) => part !== undefined)) return [...new Set(ports.flat())];
  const error = appError('SETTING_INVALID', [
    key,
    text,
    'neither a port (0 to 65535) nor a range of ports such as 8081-8090, nor a list of them',
  ]);
  throw new UsageError(`${error.message} [${error.code}]`);
}

function parsePart(text: string): readonly number[] | undefined {
  const [, from = '', to = from] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === '' || first > last || last > MAX_PORT) return undefined;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
