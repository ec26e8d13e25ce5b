// Which server it is, from /config.

export interface FlinkVersion {
  /** API level, "1.9.1". */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  /** Set when the server is Yeoul. */
  readonly yeoulVersion: string | undefined;
}

/** Things that versions differ in. */
export type Feature =
  /** The caller may choose the id of a savepoint operation. */
  | 'triggerId'
  /** The format of a savepoint may be chosen. */
  | 'formatType'
  /** A plan may be asked for with a body. */
  | 'planByPost'
  /** GET /jobs/:jobid/status. */
  | 'jobStatus'
  /** Who owns the savepoint that a job starts from may be chosen; the field is `restoreMode` until 1.19, */
  | 'restoreMode'
  /** and `claimMode` after it. */
  | 'claimMode'
  /** Configuration may come with a run. */
  | 'flinkConfiguration';

interface FeatureRange {
  /** First Flink with it, [major, minor]. */
  readonly from: readonly [number, number];
  readonly hasYeoul: boolean;
}

/** Source: Flink's release notes, and what 1.9.2, 1.20.5 and 2.3.0 answer. */
const features: Readonly<Record<Feature, FeatureRange>> = {
  triggerId: { from: [1, 15], hasYeoul: true },
  formatType: { from: [1, 15], hasYeoul: false },
  planByPost: { from: [1, 10], hasYeoul: true },
  jobStatus: { from: [1, 18], hasYeoul: true },
  restoreMode: { from: [1, 15], hasYeoul: false },
  claimMode: { from: [1, 20], hasYeoul: false },
  flinkConfiguration: { from: [1, 17], hasYeoul: false },
};

export function parseFlinkVersion(config: {
  readonly 'flink-version': string;
  readonly 'yeoul-version'?: string;
}): FlinkVersion {
  const text = config['flink-version'];
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(text) ?? [];
  return { text, major: Number(major), minor: Number(minor), yeoulVersion: config['yeoul-version'] };
}

export function hasFeature(version: FlinkVersion, feature: Feature): boolean {
  const { from, hasYeoul } = features[feature];
  return version.yeoulVersion === undefined ? isAtLeast(version, from) : hasYeoul;
}

/** For messages. */
export function describeVersion({ text, yeoulVersion }: FlinkVersion): string {
  return yeoulVersion === undefined ? `Flink ${text}` : `Yeoul ${yeoulVersion}`;
}

function isAtLeast({ major, minor }: FlinkVersion, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
