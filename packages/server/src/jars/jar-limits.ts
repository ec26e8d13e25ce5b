/** What an uploaded jar may be; reaching a limit is JAR_LIMIT, JAR_STORE_FULL, JAR_SPACE_FULL or UPLOAD_LIMIT with the limit's name. */
export interface JarLimits {
  /** Of the file as uploaded. */
  readonly maxJarBytes: number;
  /** Jars kept at once. */
  readonly maxJars: number;
  /** Of all kept jars with their unpacked programs, and of uploads under way. */
  readonly maxKeptBytes: number;
  /** Uploads at once. */
  readonly maxUploads: number;
  readonly maxEntries: number;
  /** Sum over all entries, as the archive declares them. */
  readonly maxUnpackedBytes: number;
  /** Unpacked over packed size; held from `ratioFromBytes` on. */
  readonly maxRatio: number;
  /** Small jars may be as repetitive as they like, unpacked bytes. */
  readonly ratioFromBytes: number;
  /** Of the bundled program, source map included. */
  readonly maxProgramBytes: number;
  readonly maxManifestBytes: number;
}

/** What settings and messages call them. */
export const jarLimitNames = {
  maxJarBytes: 'jars.max-jar-bytes',
  maxJars: 'jars.max-jars',
  maxKeptBytes: 'jars.max-kept-bytes',
  maxUploads: 'jars.max-uploads',
  maxEntries: 'jars.max-entries',
  maxUnpackedBytes: 'jars.max-unpacked-bytes',
  maxRatio: 'jars.max-ratio',
  ratioFromBytes: 'jars.ratio-from-bytes',
  maxProgramBytes: 'jars.max-program-bytes',
  maxManifestBytes: 'jars.max-manifest-bytes',
} as const satisfies Record<keyof JarLimits, string>;

const MIB = 1024 * 1024;

export const defaultJarLimits: JarLimits = {
  // As Flink's rest.server.max-content-length.
  maxJarBytes: 100 * MIB,
  maxJars: 1000,
  // A hundred of the largest.
  maxKeptBytes: 10 * 1024 * MIB,
  // What a build server sends at once.
  maxUploads: 8,
  // A fat Java jar has up to some ten thousand: those are to be told that they are Java.
  maxEntries: 65_535,
  maxUnpackedBytes: 512 * MIB,
  // Text as repetitive as source maps packs up to 20 : 1; deflate itself ends at 1032 : 1.
  maxRatio: 200,
  ratioFromBytes: 10 * MIB,
  maxProgramBytes: 64 * MIB,
  maxManifestBytes: 1 * MIB,
};
