import path from 'node:path';
import { LocalAwsError } from './local-aws-error.ts';

export type Mode = 'docker' | 'host';

/** Where the local AWS listens and keeps its files; all of it can be set by the environment. */
export interface Settings {
  /** `AWS_ENDPOINT_URL`, unless it is our own: an AWS of the user's, used as it is. */
  readonly givenEndpoint: string | undefined;
  /** `FACTBUS_LOCAL_PORT` @default 4566 */
  readonly port: number;
  /** `FACTBUS_LOCAL_DIR`: what one running local AWS writes. @default .local */
  readonly folder: string;
  /** `FACTBUS_LOCAL_PACKAGES`: what is installed once and can be shared. @default packages, in `folder` */
  readonly packagesFolder: string;
  /** `FACTBUS_LOCAL_MODE`: insist on `docker` or `host`. @default whichever is there, Docker first */
  readonly mode: Mode | undefined;
  /** `FACTBUS_PYTHON`: the Python 3.13 to use. @default looked for */
  readonly python: string | undefined;
}

export const repositoryFolder = path.dirname(import.meta.dirname);

/** @throws LocalAwsError when a variable has a value that cannot be meant. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const folder = path.resolve(environment.FACTBUS_LOCAL_DIR || path.join(repositoryFolder, '.local'));
  const port = readPort(environment.FACTBUS_LOCAL_PORT || '4566');
  const given = environment.AWS_ENDPOINT_URL ? readEndpoint(environment.AWS_ENDPOINT_URL) : undefined;
  return {
    // A shell in which our own was exported shall be able to start it again.
    givenEndpoint: given === `http://127.0.0.1:${port}` ? undefined : given,
    port,
    folder,
    packagesFolder: path.resolve(environment.FACTBUS_LOCAL_PACKAGES || path.join(folder, 'packages')),
    mode: readMode(environment.FACTBUS_LOCAL_MODE || undefined),
    python: environment.FACTBUS_PYTHON || undefined,
  };
}

/** The endpoint a local AWS started with these settings listens on. */
export function endpointOf(settings: Settings): string {
  return `http://127.0.0.1:${settings.port}`;
}

function readEndpoint(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new LocalAwsError(`AWS_ENDPOINT_URL is "${value}", which is no address.`, {
      remedies: ['Set it to an address as http://127.0.0.1:4566, or unset it to have a local AWS started here.'],
    });
  }
  return value.replace(/\/+$/, '');
}

function readPort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LocalAwsError(`FACTBUS_LOCAL_PORT is "${value}"; a port is a whole number from 1 to 65535.`);
  }
  return port;
}

function readMode(value: string | undefined): Mode | undefined {
  if (value === undefined || value === 'docker' || value === 'host') return value;
  throw new LocalAwsError(`FACTBUS_LOCAL_MODE is "${value}"; it can be docker or host, or unset.`);
}
