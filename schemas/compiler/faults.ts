/** One thing that is wrong with a schema file. */
export interface Fault {
  /** The file, relative to the schemas folder. */
  readonly file: string;
  /** JSON pointer to the place inside the file; '' is the whole of it. */
  readonly pointer: string;
  readonly message: string;
}

/** Thrown when schemas cannot be compiled. Its message lists all that is wrong, file by file. */
export class SchemasRefused extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(({ file, pointer, message }) => `  ${file}${pointer && `#${pointer}`}: ${message}`);
    super(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the schemas:\n${lines.join('\n')}`);
    this.name = 'SchemasRefused';
    this.faults = faults;
  }
}

/** The words of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Appends names to a JSON pointer, escaped as RFC 6901 asks. */
export const pointerTo = (pointer: string, ...names: readonly (string | number)[]): string =>
  [pointer, ...names.map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
