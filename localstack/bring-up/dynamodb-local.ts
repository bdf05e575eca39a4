import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LocalAwsError } from '../local-aws-error.ts';
import type { Step } from '../report.ts';
import { digest, ensureInstalled, runInstaller } from './installation.ts';
import { answerOf, findProgram } from './programs.ts';
import type { Work } from './work.ts';
import { zip } from './zip.ts';

/*
 * LocalStack's DynamoDB is DynamoDB Local, a Java program. LocalStack downloads it (and a Java) when it needs it; from
 * Maven it comes quicker, and where Maven's registry is all there is. LocalStack looks for:
 *
 *   DynamoDBLocal.jar           what is run
 *   DynamoDBLocal_lib/          what that needs, native libraries too
 *   ddb-local-loader-0.1.jar    a Java agent, LocalStack's own, that allows for more than 20 indexes a table
 */

const pom = path.join(import.meta.dirname, 'dynamodb-local', 'pom.xml');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const MAIN_CLASS = 'software.amazon.dynamodb.services.local.main.ServerRunner';
const LEAST_JAVA = 17;
/** LocalStack's name for the version that it runs. */
const VERSION = '2';

/** `public class NoAgent { public static void premain(String options) {} }`, compiled for Java 8. */
const NO_AGENT =
  'yv66vgAAADQADAoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWBwAIAQAHTm9BZ2VudAEABENvZGUBAAdwcmVt' +
  'YWluAQAVKExqYXZhL2xhbmcvU3RyaW5nOylWACEABwACAAAAAAACAAEABQAGAAEACQAAABEAAQABAAAABSq3AAGxAAAAAAAJAAoACwABAAkAAAAN' +
  'AAAAAQAAAAGxAAAAAAAA';

/**
 * Installs DynamoDB Local.
 *
 * @param python a Python with LocalStack, asked for only where LocalStack itself has to download
 * @returns a folder to stand as `dynamodb-local` among LocalStack's packages
 * @throws LocalAwsError that says how to get Maven and Java, where LocalStack's own download fails
 */
export async function installDynamoDbLocal(
  { settings, report, signal }: Work,
  python: () => Promise<string>,
): Promise<string> {
  const obstacle = await obstacleToMaven();
  const folder = path.join(
    settings.packagesFolder,
    `dynamodb-local-${obstacle ? 'downloaded' : digest(readFileSync(pom))}`,
  );
  const logFile = path.join(settings.packagesFolder, 'dynamodb-local.log');
  if (obstacle === undefined) {
    const install = (target: string, step: Step) =>
      installFromMaven(path.join(target, VERSION), { logFile, step, signal });
    return ensureInstalled({ title: 'DynamoDB Local', folder, install }, report);
  }
  const root = await ensureInstalled(
    {
      title: 'DynamoDB Local',
      folder,
      install: async (target, step) =>
        downloadByLocalStack(await python(), target, { logFile, step, signal, obstacle }),
    },
    report,
  );
  return path.join(root, 'var', 'lib', 'localstack', 'lib', 'dynamodb-local');
}

interface Way {
  readonly logFile: string;
  readonly step: Step;
  readonly signal: AbortSignal;
}

/** Why DynamoDB Local cannot come from Maven here. */
async function obstacleToMaven(): Promise<string | undefined> {
  if (findProgram('mvn') === undefined) return 'there is no Maven on PATH';
  if (process.arch !== 'x64') return `Maven's registry has no native libraries for ${process.arch}`;
  const java = await javaVersion();
  if (java === undefined) return 'there is no Java on PATH';
  return java < LEAST_JAVA ? `the Java on PATH is ${java} and has to be ${LEAST_JAVA} or later` : undefined;
}

async function installFromMaven(folder: string, { logFile, step, signal }: Way): Promise<void> {
  const libraries = path.join(folder, 'DynamoDBLocal_lib');
  const args = ['-B', '-f', pom, '-Dmaven.artifact.threads=24', COPY, `-DoutputDirectory=${libraries}`];
  // Maven runs for seconds: what the JVM would spend on optimising it is lost.
  const environment = { MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC', ...process.env };
  await runInstaller('mvn', args, { logFile, step, signal, environment });
  await dropVersionsOfNativeLibraries(libraries);
  await writeJars(folder, libraries);
}

async function downloadByLocalStack(
  python: string,
  folder: string,
  { logFile, step, signal, obstacle }: Way & { obstacle: string },
): Promise<void> {
  const args = ['-m', 'localstack.cli.lpm', 'install', 'dynamodb-local', '--target', 'var_libs'];
  const environment = { ...process.env, OVERRIDE_IN_DOCKER: '0', FILESYSTEM_ROOT: folder };
  try {
    await runInstaller(python, args, { logFile, step, signal, environment });
  } catch (cause) {
    throw new LocalAwsError(
      `There is no DynamoDB Local: it cannot come from Maven, as ${obstacle}; and LocalStack's own download failed.`,
      {
        cause,
        remedies: [
          `Java ${LEAST_JAVA} and Maven, with apt:       apt-get install openjdk-17-jre-headless maven`,
          `Java ${LEAST_JAVA} and Maven, with Homebrew:  brew install openjdk maven   (and put its java on PATH)`,
          `Or open the way to the internet, where LocalStack downloads both. All that it said: ${logFile}`,
        ],
      },
    );
  }
}

/** The feature version of the Java that LocalStack would run, which is the one on PATH. */
async function javaVersion(): Promise<number | undefined> {
  const version = /version "(?:1\.)?(\d+)/.exec((await answerOf('java', ['-version'], 10_000)) ?? '');
  return version?.[1] === undefined ? undefined : Number(version[1]);
}

/** Maven's `libsqlite4java-linux-amd64-1.0.392.so` is looked for without its version. */
async function dropVersionsOfNativeLibraries(folder: string): Promise<void> {
  const names = await readdir(folder);
  const native = names.filter((name) => /\.(so|dylib)$/.test(name));
  for (const name of native) {
    await copyFile(path.join(folder, name), path.join(folder, name.replace(/-[\d.]+(?=\.\w+$)/, '')));
  }
}

async function writeJars(folder: string, libraries: string): Promise<void> {
  await mkdir(libraries, { recursive: true });
  const jars = (await readdir(libraries)).filter((name) => name.endsWith('.jar')).sort();
  const classPath = jars.map((jar) => `DynamoDBLocal_lib/${jar}`).join(' ');
  const main = manifest({ 'Main-Class': MAIN_CLASS, 'Class-Path': classPath });
  const agent = manifest({ 'Premain-Class': 'NoAgent' });
  await writeFile(path.join(folder, 'DynamoDBLocal.jar'), zip({ 'META-INF/MANIFEST.MF': main }));
  await writeFile(
    path.join(folder, 'ddb-local-loader-0.1.jar'),
    zip({ 'META-INF/MANIFEST.MF': agent, 'NoAgent.class': Buffer.from(NO_AGENT, 'base64') }),
  );
}

/** A jar's manifest; its lines are 72 bytes at most, and a space begins one that goes on. */
function manifest(attributes: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ 'Manifest-Version': '1.0', ...attributes }).map(([name, value]) => {
    const [first = '', ...rest] = `${name}: ${value}`.match(/^.{1,71}|.{1,70}/g) ?? [];
    return [first, ...rest.map((line) => ` ${line}`)].join('\r\n');
  });
  return `${lines.join('\r\n')}\r\n`;
}
