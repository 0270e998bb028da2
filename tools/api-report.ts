/**
 * Writes the API report: one text file for each entry point in `api/`, with every exported name and its signature, so
 * that a change of the public surface shows in review. `--check` writes nothing and fails where a report would change.
 * It reads the declarations in `dist/`, so build first: `npm run api` does.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = join(ROOT, 'api');
/** An exported declaration in a report. */
const EXPORT = /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type) (\w+)/gm;

const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Readonly<Record<string, { readonly types?: string }>>;
};
const check = process.argv.includes('--check');
await mkdir(REPORTS, { recursive: true });

const changed: string[] = [];
/** Names in public signatures that the entry point of the signature does not export. */
const named = new Set<string>();
const exported = new Set<string>();
for (const [subpath, { types }] of Object.entries(exports)) {
  if (types === undefined) continue;
  const name = subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '.');
  const result = Extractor.invoke(configOf(name, types), {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = true;
      const { logLevel, messageId, text, sourceFilePath, sourceFileLine } = message;
      if (messageId === 'ae-forgotten-export') named.add(/"(\w+)"/.exec(text)![1]!);
      else if (logLevel === ExtractorLogLevel.Error)
        console.error(`${sourceFilePath ?? name}:${sourceFileLine ?? 1}: ${text}`);
    },
  });
  if (result.apiReportChanged) changed.push(`api/${name}.api.md`);
  const report = await readFile(join(check ? join(ROOT, 'temp') : REPORTS, `${name}.api.md`), 'utf8');
  for (const [, own] of report.matchAll(EXPORT)) exported.add(own!);
  // A list of values behind a union: the union itself is exported, and nobody needs the list.
  for (const [, list] of report.matchAll(/\(typeof (\w+)\)\[number\]/g)) exported.add(list!);
}
const nowhere = [...named].filter((name) => !exported.has(name)).sort();
if (nowhere.length > 0) {
  console.error(`Public signatures name types that no entry point exports: ${nowhere.join(', ')}.`);
  process.exitCode = 1;
}
if (check && changed.length > 0) {
  console.error(
    `The public surface has changed: ${changed.join(', ')}. Run "npm run api" and commit the reports.`,
  );
  process.exitCode = 1;
}

function configOf(name: string, types: string): ExtractorConfig {
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  const configObject: IConfigFile = {
    projectFolder: ROOT,
    newlineKind: 'lf',
    mainEntryPointFilePath: join(ROOT, types),
    compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFolder: REPORTS,
      reportTempFolder: join(ROOT, 'temp'),
      reportFileName: `${name}.api.md`,
    },
    docModel: { enabled: true, apiJsonFilePath: join(ROOT, `temp/${name}.api.json`) },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: {
        default: { logLevel: ExtractorLogLevel.None },
        'ae-undocumented': { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
        // Told below, where no entry point exports the name: a type has one door, not one at each.
        'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning },
      },
      tsdocMessageReporting: quiet,
    },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  });
}
