// Settings of a server by name, as `yeoul start -D name=value` takes them.
import { appError } from '@yeoul/engine';
import { defaultHttpLimits, type HttpLimits } from '../http/http-limits.ts';
import { defaultJarLimits, type JarLimits, jarLimitNames } from '../jars/jar-limits.ts';
import { defaultSubmissionLimits, type SubmissionLimits } from '../jars/submission-limits.ts';

export interface ServerSettings {
  readonly http: Partial<HttpLimits>;
  readonly submissions: Partial<SubmissionLimits>;
  readonly jars: Partial<JarLimits>;
}

/** By setting, the group and field it is kept in. */
const places = {
  'rest.max-body-bytes': ['http', 'maxBodyBytes'],
  'rest.max-header-bytes': ['http', 'maxHeaderBytes'],
  'rest.max-url-length': ['http', 'maxUrlLength'],
  'rest.header-timeout-ms': ['http', 'headerTimeoutMs'],
  'rest.request-timeout-ms': ['http', 'requestTimeoutMs'],
  'rest.idle-body-timeout-ms': ['http', 'idleBodyTimeoutMs'],
  'rest.keep-alive-timeout-ms': ['http', 'keepAliveTimeoutMs'],
  'rest.max-connections': ['http', 'maxConnections'],
  'rest.max-event-streams': ['http', 'maxEventStreams'],
  'rest.drain-timeout-ms': ['http', 'drainTimeoutMs'],
  'rest.max-evaluations': ['submissions', 'maxEvaluations'],
  'rest.max-waiting-evaluations': ['submissions', 'maxWaitingEvaluations'],
  'rest.max-submissions-per-minute': ['submissions', 'maxSubmissionsPerMinute'],
  ...(Object.fromEntries(Object.entries(jarLimitNames).map(([field, name]) => [name, ['jars', field]])) as Readonly<
    Record<string, readonly ['jars', keyof JarLimits]>
  >),
} satisfies Record<string, readonly [keyof ServerSettings, string]>;

const defaults: { readonly [G in keyof ServerSettings]: Readonly<Record<string, number>> } = {
  http: { ...defaultHttpLimits },
  submissions: { ...defaultSubmissionLimits },
  jars: { ...defaultJarLimits },
};

/** Zero makes no sense for any of them but this: nobody waits. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set(['rest.max-waiting-evaluations', 'rest.drain-timeout-ms']);
/** What timers of Node take: about 24 days. */
const MAX_VALUE = 2 ** 31 - 1;
/** Disks are larger. */
const MAX_SIZE_BYTES = Number.MAX_SAFE_INTEGER;

/** Every setting with its default, in order. */
export const serverSettingDefaults: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(places).map(([name, [group, field]]) => [name, defaults[group][field] as number]),
);

/** @param given by name; the last of a name counts. @throws SETTING_UNKNOWN, SETTING_INVALID */
export function parseServerSettings(given: Iterable<readonly [string, string]>): ServerSettings {
  const settings: Record<keyof ServerSettings, Record<string, number>> = { http: {}, submissions: {}, jars: {} };
  for (const [name, text] of given) {
    if (!Object.hasOwn(places, name)) throw appError('SETTING_UNKNOWN', [name, nearest(name)]);
    const [group, field] = places[name as keyof typeof places] as readonly [keyof ServerSettings, string];
    settings[group][field] = parseValue(name, text);
  }
  return settings;
}

function parseValue(name: string, text: string): number {
  const least = MAY_BE_ZERO.has(name) ? 0 : 1;
  const most = maximumOf(name);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw appError('SETTING_INVALID', [name, text, `no whole number from ${least} to ${most}`]);
}

/** The greatest value of a setting. */
export function maximumOf(name: string): number {
  return name.endsWith('-bytes') ? MAX_SIZE_BYTES : MAX_VALUE;
}

/** The setting with most pairs of neighbouring letters in common. */
function nearest(name: string): string {
  const asked = pairsOf(name);
  const common = (known: string) => [...pairsOf(known)].filter((pair) => asked.has(pair)).length / known.length;
  return Object.keys(places).reduce((best, known) => (common(known) > common(best) ? known : best));
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));
}
