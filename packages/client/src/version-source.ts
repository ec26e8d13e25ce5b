// The server's version, asked once in a while: a cluster may be upgraded while a client lives.
import { clusterEndpoints } from '@yeoul/contract';
import { FlinkUnsupportedError } from './errors/client-error.ts';
import { describeVersion, type Feature, type FlinkVersion, hasFeature, parseFlinkVersion } from './flink-version.ts';
import type { Connection, RequestOptions } from './http/connection.ts';

const KEPT_MILLIS = 60_000;

export class VersionSource {
  readonly #connection: Connection;
  #known: { readonly version: FlinkVersion; readonly atMillis: number } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async get(options: RequestOptions = {}): Promise<FlinkVersion> {
    const nowMillis = this.#connection.options.clock.nowMillis();
    if (this.#known !== undefined && nowMillis - this.#known.atMillis < KEPT_MILLIS) return this.#known.version;
    const version = parseFlinkVersion(await this.#connection.call(clusterEndpoints.getConfig, options));
    this.#known = { version, atMillis: nowMillis };
    return version;
  }

  async has(feature: Feature, options: RequestOptions): Promise<boolean> {
    return hasFeature(await this.get(options), feature);
  }

  /** @throws FlinkUnsupportedError when the value is given and the server does not know it */
  async require(feature: Feature, name: string, value: unknown, options: RequestOptions): Promise<void> {
    if (value === undefined) return;
    const version = await this.get(options);
    if (hasFeature(version, feature)) return;
    throw new FlinkUnsupportedError(
      `${describeVersion(version)} at ${this.#connection.options.baseUrl} has no ${name}`,
    );
  }
}
