// What a job jar says about itself in its manifest: the program it holds and the entry classes to start it with.
import { MANIFEST_PATH, type Manifest } from './manifest.ts';

export interface JarEntry {
  /** Name of the entry class: an export of the program. */
  readonly name: string;
  readonly description: string | null;
}

export interface JobJarDescription {
  /** The first one is the default. */
  readonly entries: readonly JarEntry[];
  /** Of the bundled program inside the jar. */
  readonly programPath: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Tool and version that made it. */
  readonly createdBy: string;
}

/** Version of the layout that is written here; others are refused by number. */
export const JOB_JAR_FORMAT = '1';

export const Attribute = {
  ManifestVersion: 'Manifest-Version',
  CreatedBy: 'Created-By',
  MainClass: 'Main-Class',
  /** Flink's own name for the entry classes, a comma list; comes before Main-Class. */
  ProgramClass: 'program-class',
  Format: 'Yeoul-Job-Jar',
  Program: 'Yeoul-Program',
  EntryClasses: 'Yeoul-Entry-Classes',
  Name: 'Yeoul-Name',
  Description: 'Yeoul-Description',
} as const;

/** Entry names stand in comma lists. */
export function isEntryName(name: string): boolean {
  return /^[\p{L}\p{N}_$.-]{1,200}$/u.test(name);
}

export function toManifest(jar: JobJarDescription): Manifest {
  const main = new Map<string, string>([
    [Attribute.ManifestVersion, '1.0'],
    [Attribute.CreatedBy, jar.createdBy],
  ]);
  const [first] = jar.entries;
  if (first !== undefined) main.set(Attribute.MainClass, first.name);
  main.set(Attribute.Format, JOB_JAR_FORMAT);
  main.set(Attribute.Program, jar.programPath);
  main.set(Attribute.EntryClasses, jar.entries.map(({ name }) => name).join(','));
  if (jar.name !== undefined) main.set(Attribute.Name, jar.name);
  if (jar.description !== undefined) main.set(Attribute.Description, jar.description);
  const described = jar.entries.filter(({ description }) => description !== null);
  const sections = described.map(
    ({ name, description }) => [name, new Map([[Attribute.Description, description as string]])] as const,
  );
  return { main, sections: new Map(sections) };
}

/** @returns undefined when the manifest is not that of a job jar */
export function toDescription({ main, sections }: Manifest): JobJarDescription | undefined {
  const programPath = main.get(Attribute.Program);
  if (programPath === undefined || programPath === MANIFEST_PATH) return undefined;
  const description = main.get(Attribute.Description);
  const entries = entryNames(main).map((name) => ({
    name,
    description: sections.get(name)?.get(Attribute.Description) ?? description ?? null,
  }));
  return {
    entries,
    programPath,
    name: main.get(Attribute.Name),
    description,
    createdBy: main.get(Attribute.CreatedBy) ?? 'unknown',
  };
}

/** As Flink lists them: the comma list, else Main-Class, else none. */
function entryNames(main: ReadonlyMap<string, string>): string[] {
  const list =
    main.get(Attribute.EntryClasses) ?? main.get(Attribute.ProgramClass) ?? main.get(Attribute.MainClass) ?? '';
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
