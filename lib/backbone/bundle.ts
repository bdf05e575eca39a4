import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync } from 'esbuild';

const PROJECT = join(import.meta.dirname, '../..');

/** Whether an entry is there to be bundled. */
export function isEntry(entry: string): boolean {
  return existsSync(join(PROJECT, entry));
}

/**
 * The code of a function: the entry and all that it imports, the AWS SDK included, in one minified ES module with a
 * source map beside it.
 *
 * esbuild works in this process, where CDK's `NodejsFunction` starts a package manager for every function. The asset's
 * hash is that of the output: only functions whose code changed are deployed again, and functions of one entry share an
 * asset that is built once.
 *
 * @param entry the file that exports `handler`, relative to the project's folder
 */
export function bundle(entry: string): Code {
  return Code.fromAsset(join(PROJECT, 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used, as the local bundler below always does the work.
      image: DockerImage.fromRegistry('none'),
      // CDK tells bundles apart by these options, of which it cannot compare the function below.
      command: [entry],
      local: {
        tryBundle: (folder) => {
          build(entry, folder);
          return true;
        },
      },
    },
  });
}

/** How functions are bundled, whatever their entry. */
export const BUNDLING = {
  absWorkingDir: PROJECT,
  // As if it lay in the project's folder: the source map then says the same wherever the output goes.
  outfile: join(PROJECT, 'index.mjs'),
  write: false,
  bundle: true,
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // ES modules where a package has them: what is not used can be left out.
  mainFields: ['module', 'main'],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

function build(entry: string, folder: string): void {
  const { outputFiles } = buildSync({ ...BUNDLING, mainFields: [...BUNDLING.mainFields], entryPoints: [entry] });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
}
