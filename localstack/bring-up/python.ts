import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LocalAwsError } from '../local-aws-error.ts';
import type { Settings } from '../settings.ts';
import { answerOf, findProgram } from './programs.ts';

/** The one version of Python that the last free LocalStack runs on. */
const VERSION = '3.13';
const LIMIT_MS = 10_000;

const remedies = [
  'With uv:        uv python install 3.13',
  'With pyenv:     pyenv install 3.13',
  'With Homebrew:  brew install python@3.13',
  'With apt:       apt-get install python3.13 python3-pip   (Debian 13, Ubuntu 25.04 or later)',
  'If it is somewhere else, name it: FACTBUS_PYTHON=/path/to/python3.13',
  "Or start Docker: then no Python is needed. Or set AWS_ENDPOINT_URL to a LocalStack that's running elsewhere.",
];

/** @throws LocalAwsError that says where was looked and how to get one */
export async function findPython(settings: Pick<Settings, 'python'>, environment = process.env): Promise<string> {
  if (settings.python !== undefined) {
    const version = await versionOf(settings.python);
    if (version === VERSION) return settings.python;
    const found = version === undefined ? 'does not run' : `is Python ${version}`;
    throw new LocalAwsError(`LocalStack needs Python ${VERSION}, but FACTBUS_PYTHON (${settings.python}) ${found}.`, {
      remedies,
    });
  }
  const seen: string[] = [];
  for (const candidate of candidates(environment)) {
    const version = await versionOf(candidate);
    if (version === VERSION) return candidate;
    seen.push(`${candidate} (${version ?? 'does not run'})`);
  }
  const managed = await askUv(environment);
  if (managed !== undefined) return managed;
  throw new LocalAwsError(
    `LocalStack needs Python ${VERSION}, and there is none on PATH, among pyenv's or among uv's versions. ` +
      `Looked at: ${seen.join(', ') || 'nothing that is called Python'}.`,
    { remedies },
  );
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const onPath = [`python${VERSION}`, 'python3', 'python'].map((name) => findProgram(name, environment.PATH ?? ''));
  return [...new Set([...onPath, ...pyenvVersions(environment)])].filter((candidate) => candidate !== undefined);
}

/** pyenv's versions by their folders: the programs that it puts on PATH only run the version that is selected. */
function pyenvVersions(environment: NodeJS.ProcessEnv): string[] {
  const pyenv = findProgram('pyenv', environment.PATH ?? '');
  const roots = [
    environment.PYENV_ROOT,
    path.join(homedir(), '.pyenv'),
    pyenv === undefined ? undefined : path.dirname(path.dirname(pyenv)),
  ];
  return [...new Set(roots.filter((root) => root !== undefined))].flatMap((root) => {
    const versions = path.join(root, 'versions');
    try {
      const names = readdirSync(versions).filter((name) => name === VERSION || name.startsWith(`${VERSION}.`));
      return names.map((name) => path.join(versions, name, 'bin', `python${VERSION}`));
    } catch {
      return []; // no pyenv there
    }
  });
}

/** The versions that uv has installed. */
async function askUv(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const uv = findProgram('uv', environment.PATH ?? '');
  return uv && (await answerOf(uv, ['python', 'find', '--no-project', '--no-python-downloads', VERSION], LIMIT_MS));
}

async function versionOf(python: string): Promise<string | undefined> {
  return answerOf(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], LIMIT_MS);
}
