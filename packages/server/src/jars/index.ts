/** Job jars: made, read without trust, kept, and served. */

export { defaultJarLimits, type JarLimits } from './jar-limits.ts';
export { createJarRoutes, type JarRoutesOptions } from './jar-routes.ts';
export { JarStore, type JarStoreOptions, type StoredJar } from './jar-store.ts';
export { isEntryName, type JarEntry, type JobJarDescription } from './job-jar-description.ts';
export { readJobJar } from './read-job-jar.ts';
export { writeJobJar } from './write-job-jar.ts';
