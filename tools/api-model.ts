import { readFile } from 'node:fs/promises';

interface Exported {
  readonly kind: string;
  readonly name: string;
}

/** An entry point of the package, as api-extractor describes it. */
export interface Subpath {
  /** As one imports it: `aloe-align/models/openai`. */
  readonly specifier: string;
  /** The package that api-documenter takes it for: `@aloe-align/models.openai`. */
  readonly package: string;
  /** The model as JSON. */
  readonly model: string;
  readonly exported: readonly Exported[];
}

/**
 * Reads the models of all entry points from `temp/`. The root comes last: if several subpaths export a type, links go to
 * its page there.
 */
export async function readSubpaths(root: URL): Promise<Subpath[]> {
  const { name, exports } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, { readonly types?: string }>>;
  };
  const typed = Object.keys(exports).filter((subpath) => exports[subpath]!.types !== undefined);
  const found = typed.map(async (subpath) => {
    const short = subpath.slice(2).replaceAll('/', '.');
    const model = await readFile(new URL(`temp/${short || 'index'}.api.json`, root), 'utf8');
    const [entryPoint] = (JSON.parse(model) as { members: [{ members: Exported[] }] }).members;
    return {
      specifier: name + subpath.slice(1),
      package: short === '' ? name : `@${name}/${short}`,
      model,
      exported: entryPoint.members,
    };
  });
  return (await Promise.all(found)).reverse();
}

/**
 * The model under its package's name, with references to other subpaths under theirs.
 *
 * @param packageOf The package in which an exported name has its page.
 */
export function linkedModel(
  { package: own, model, exported }: Subpath,
  packageOf: ReadonlyMap<string, string>,
): string {
  const ours = new Set(exported.map(({ name }) => name));
  const homeOf = (name: string) => (ours.has(name) ? own : packageOf.get(name));
  const linked: unknown = JSON.parse(model, (key, value) => {
    if (key === 'canonicalReference') {
      return value.replace(/^aloe-align!~?(\w*)/, (reference: string, name: string) => {
        const home = homeOf(name);
        return home === undefined ? reference.replace('aloe-align', own) : `${home}!${name}`;
      });
    }
    if (key === 'docComment') {
      return value.replaceAll(/\{@link (\w+)([.\w]*)\}/g, (link: string, name: string, member: string) => {
        const home = homeOf(name);
        return home === undefined ? link : `{@link ${home}#${name}${member} | ${name}${member}}`;
      });
    }
    return hasParameters(value) ? named(value) : value;
  });
  return JSON.stringify({ ...(linked as object), name: own });
}

interface WithParameters {
  readonly docComment?: string;
  readonly parameters: readonly { readonly parameterName: string }[];
  readonly excerptTokens: readonly { readonly text: string }[];
}

function hasParameters(value: unknown): value is WithParameters {
  return typeof value === 'object' && value !== null && 'parameters' in value && 'excerptTokens' in value;
}

/**
 * api-extractor lists a destructured parameter twice, as its pattern and as `input`. It becomes one, under the name that
 * `@param` gives it.
 */
function named(item: WithParameters): WithParameters {
  const { docComment = '', parameters, excerptTokens } = item;
  const kept = parameters.filter(({ parameterName }) => !parameterName.startsWith('{'));
  if (kept.length === parameters.length) return item;
  const documented = [...docComment.matchAll(/@param (\w+)/g)].map(([, name]) => name!);
  const name =
    documented.find((each) => kept.every(({ parameterName }) => parameterName !== each)) ?? 'options';
  return {
    ...item,
    parameters: kept.map((each) =>
      each.parameterName === 'input' ? { ...each, parameterName: name } : each,
    ),
    excerptTokens: excerptTokens.map((token) => ({
      ...token,
      text: token.text.replace(/\binput(\??: )$/, `${name}$1`),
    })),
  };
}
