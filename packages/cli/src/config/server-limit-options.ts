// Limits of the REST API, by their settings. What they are called and their defaults is the server's.
import { type ConfigOption, integerOption } from '@yeoul/engine/runtime';
import { maximumOf, serverSettingDefaults } from '@yeoul/server/settings';

const descriptions: Readonly<Record<string, string>> = {
  'rest.max-body-bytes': 'Bytes of a JSON body; uploads have a limit of their own.',
  'rest.max-header-bytes': 'Bytes of address and headers together.',
  'rest.max-url-length': 'Characters of an address.',
  'rest.header-timeout-ms': 'From the first byte to the end of the headers, ms.',
  'rest.request-timeout-ms': 'From the first byte to the end of the body, ms.',
  'rest.idle-body-timeout-ms': 'Between two pieces of a body, ms.',
  'rest.keep-alive-timeout-ms': 'Between two requests of a connection, ms.',
  'rest.max-connections': 'Connections at a time.',
  'rest.max-event-streams': 'Streams of events (`/jobs/:jobid/events`) at a time.',
  'rest.drain-timeout-ms': 'For requests under way when the server is closed, ms.',
  'rest.max-evaluations': 'Programs evaluated at a time for plans and runs: each takes a thread.',
  'rest.max-waiting-evaluations': 'Plans and runs that wait for their turn.',
  'rest.max-submissions-per-minute': 'Runs of jars in a minute.',
  'jars.max-jar-bytes': 'Bytes of an uploaded jar.',
  'jars.max-jars': 'Jars kept at a time.',
  'jars.max-kept-bytes': 'Bytes of all kept jars with their programs, and of uploads under way.',
  'jars.max-uploads': 'Uploads at a time.',
  'jars.max-entries': 'Entries of a jar.',
  'jars.max-unpacked-bytes': 'Bytes of a jar, unpacked.',
  'jars.max-ratio': 'Unpacked over packed size of a jar.',
  'jars.ratio-from-bytes': 'Unpacked bytes from which on that ratio counts.',
  'jars.max-program-bytes': 'Bytes of the bundled program of a jar, source map included.',
  'jars.max-manifest-bytes': 'Bytes of the manifest of a jar.',
};

/** By key. The server checks their ranges. */
export const serverLimitOptions: Readonly<Record<string, ConfigOption<number>>> = Object.fromEntries(
  Object.entries(serverSettingDefaults).map(([key, value]) => [
    key,
    integerOption({ key, default: value, maximum: maximumOf(key), description: descriptions[key] ?? key }),
  ]),
);
